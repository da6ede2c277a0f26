import { Table } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { shortcuts, useShortcut } from './keyboard.js';

/** `?` lists what the keys do on this page. */
export const KeyboardHelp = (): ReactElement => {
  const [isOpen, setOpen] = useState(false);
  const known = useStore(shortcuts);
  useShortcut('?', 'Show this list', () => setOpen(true));
  return (
    <DialogFrame isOpen={isOpen} onClose={() => setOpen(false)} title="Keys">
      <Table withRowBorders={false}>
        <Table.Tbody>
          {known.map(({ keys, description }) => (
            <Table.Tr key={keys}>
              <Table.Td w={80}>
                {keys.split(' ').map((key) => (
                  <kbd key={key} className="key-cap">
                    {key}
                  </kbd>
                ))}
              </Table.Td>
              <Table.Td>{description}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </DialogFrame>
  );
};
