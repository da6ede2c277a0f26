import { Anchor, List, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { ApiProblem } from '../api/problem.js';
import type { Write } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { rowsOf, wanted } from './catalogue-edits.js';
import { ChangeList } from './change-list.js';
import type { CatalogueEdits } from './use-catalogue-edits.js';

interface Props {
  readonly editing: CatalogueEdits;
  readonly write: Write<readonly []>;
  readonly onClose: () => void;
  /** Leads to the form of one endpoint. */
  readonly onCorrect: (endpointId: string) => void;
}

interface Refused {
  readonly endpointId: string;
  readonly message: string;
}

/** What the server says of endpoints of the list, by their ids: it names them by their places. */
const refusedIn = (problem: ApiProblem | undefined, { base, edits }: CatalogueEdits): readonly Refused[] => {
  const sent = wanted(base, edits);
  return (problem?.errors ?? []).flatMap(({ field, message }) => {
    const [, index] = /^endpoints\.(\d+)/.exec(field) ?? [];
    const endpoint = index === undefined ? undefined : sent[Number(index)];
    return endpoint === undefined ? [] : [{ endpointId: endpoint.endpointId, message }];
  });
};

/** The same refusal, without what is said beside the endpoints already. */
const restOf = (problem: ApiProblem): ApiProblem => {
  const { status, code, title, correlationId, errors } = problem;
  const others = errors.filter(({ field }) => !/^endpoints\.\d+/.test(field));
  const detail = others.length < errors.length ? 'Correct what is named above.' : problem.detail;
  return new ApiProblem({ status, code, title, detail, correlationId, errors: others });
};

/** Asks before the list is saved: one left out is retired, and is refused from then on. */
export const SaveDialog = ({ editing, write, onClose, onCorrect }: Props): ReactElement => {
  const changes = rowsOf(editing.base, editing.edits).flatMap(({ change }) => (change === undefined ? [] : [change]));
  const refused = refusedIn(write.problem, editing);
  const retires = changes.some(({ kind }) => kind === 'retired');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Save the catalogue?"
      yes="Save catalogue"
      no="Go on editing"
      isDangerous={retires}
      write={{ ...write, problem: write.problem && restOf(write.problem) }}
    >
      <ChangeList changes={changes} />
      {retires && (
        <Text>
          What is retired is refused at once, for every app that is connected to it. The apps keep it, and it works
          again once it is listed again.
        </Text>
      )}
      {refused.length > 0 && (
        <List spacing={4} aria-label="Refused">
          {refused.map(({ endpointId, message }) => (
            <List.Item key={endpointId + message} c="var(--mantine-color-error)" className="wraps">
              <Anchor component="button" type="button" onClick={() => onCorrect(endpointId)}>
                {endpointId}
              </Anchor>{' '}
              {message}
            </List.Item>
          ))}
        </List>
      )}
    </ConfirmDialog>
  );
};
