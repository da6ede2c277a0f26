import { Alert, Button, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Write } from '../api/use-write.js';
import { ProblemNotice } from '../common/problem-notice.js';

interface Props {
  readonly title: string;
  readonly issuing: {
    readonly write: Write<readonly []>;
    readonly isUnconfirmed: boolean;
    readonly whyNot: string | undefined;
  };
}

/** After a reload, or where the reply was lost: the way to see once more what was issued. */
export const UnconfirmedNotice = ({ title, issuing }: Props): ReactElement | null => {
  const { write, isUnconfirmed, whyNot } = issuing;
  if (whyNot !== undefined) {
    return (
      <Alert color="yellow" variant="outline" mb="md" title="They cannot be shown again">
        {whyNot} The auth token can be shown below. The private salt changes when API access is disabled and enabled.
      </Alert>
    );
  }
  if (!isUnconfirmed) return null;
  return (
    <Alert color="yellow" variant="outline" mb="md" title={title}>
      <Text>That it is saved was never confirmed. It can be shown once more, within ten minutes.</Text>
      {write.problem !== undefined && <ProblemNotice problem={write.problem} />}
      <Button mt="xs" size="xs" variant="default" loading={write.isRunning} onClick={() => void write.run()}>
        Show it once more
      </Button>
    </Alert>
  );
};
