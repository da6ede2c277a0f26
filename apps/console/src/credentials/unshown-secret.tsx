import { Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Store, useStore } from '../api/store.js';
import { DialogFrame } from '../common/dialog-frame.js';

/** By what the API says of a repeat that shows no secret. */
export const whyUnshown = {
  acknowledged: 'That what was issued is saved was confirmed already.',
  expired: 'The ten minutes in which what was issued can be shown once more are over.',
  ended: 'What was issued was replaced or deleted since.',
} as const;

interface Unshown {
  /** What people call the credential. */
  readonly name: string;
  readonly why: string;
}

export const unshownSecret = new Store<Unshown | null>(null);

/** Says that a repeat has made nothing, and that its secret is not to be had any more. */
export const UnshownSecret = (): ReactElement | null => {
  const unshown = useStore(unshownSecret);
  if (unshown === null) return null;
  return (
    <DialogFrame
      onClose={() => unshownSecret.set(null)}
      title={`The secret of “${unshown.name}” cannot be shown again`}
    >
      <Stack gap="sm">
        <Text>{unshown.why}</Text>
        <Text>It was issued by an earlier request, and nothing was issued now. Rotate it to get another secret.</Text>
      </Stack>
    </DialogFrame>
  );
};
