import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useSearchParams } from 'react-router';
import { useRefusal } from '../api/permissions.js';
import { toProblem } from '../api/problem.js';
import { CopyButton } from '../common/copy-button.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { followedQuery, isKnownToAll, positionQuery, verifiersQuery, type Receipt } from './receipt-queries.js';
import { VerifierTable } from './verifier-table.js';

const inWords = (receipt: Receipt): string => {
  const { verifiers } = receipt;
  const know = verifiers.filter(({ guaranteed }) => guaranteed).length;
  if (verifiers.length === 0) return 'No verifier gives verdicts now, so none goes by what was before.';
  if (isKnownToAll(receipt)) {
    const all = know === 1 ? 'The one verifier knows' : `All ${know} verifiers know`;
    return `${all} of it: no verdict goes by what was before.`;
  }
  return `${know} of ${verifiers.length} know of it. Until all do, one may still answer by what was before.`;
};

interface FollowProps {
  readonly position: string;
  readonly onFollow: (position: string) => void;
}

/** The position that is followed, typed or pasted. */
const PositionForm = ({ position, onFollow }: FollowProps): ReactElement => {
  const [typed, setTyped] = useState(position);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') onFollow(typed.trim());
      }}
    >
      <Group gap="xs" align="flex-end" mb="sm">
        <TextInput
          className="position-field"
          label="Position"
          description="Every answer to a write has one, as position."
          classNames={{ input: 'mono' }}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          Follow
        </Button>
        {position !== '' && (
          <Button variant="default" onClick={() => onFollow('')}>
            Follow none
          </Button>
        )}
      </Group>
    </form>
  );
};

const Followed = ({ position }: { readonly position: string }): ReactElement | null => {
  const { data, error, refetch } = useQuery(followedQuery(position));
  if (data === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <Text role="status" fw={500} mb="xs">
        {inWords(data)}
      </Text>
      <VerifierTable label="Receipt" position={position} verifiers={data.verifiers} />
      {!isKnownToAll(data) && (
        <Text c="dimmed" mt="xs">
          Read again by itself. A verifier that has stopped is not listed any more after 12 seconds, and says STALE from
          then on.
        </Text>
      )}
    </>
  );
};

const SENTENCE =
  'Verifiers answer from memory. Give the position of a write that takes access away, such as a revocation: each ' +
  'verifier is marked once it is past it, and no verdict of it goes by what was before.';

/** Who knows of a write, as it spreads. The position is in the address. */
export const ReceiptSection = (): ReactElement => {
  const [parameters, setParameters] = useSearchParams();
  const position = parameters.get('position') ?? '';
  const refusal = useRefusal('GetReceipt');
  const follow = (next: string): void => setParameters(next === '' ? {} : { position: next });
  return (
    <Section id="receipt" title="Who knows of a write" sentence={SENTENCE}>
      {refusal === undefined ? (
        <>
          <PositionForm key={`form ${position}`} position={position} onFollow={follow} />
          {position !== '' && <Followed key={`receipt ${position}`} position={position} />}
        </>
      ) : (
        <Text>{refusal}</Text>
      )}
    </Section>
  );
};

const Verifiers = ({ position }: { readonly position: string }): ReactElement | null => {
  const { data, error, refetch } = useQuery(verifiersQuery(position));
  if (data === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  if (data.verifiers.length === 0) return <Text>None gives verdicts now.</Text>;
  return <VerifierTable label="Verifiers" position={data.position} verifiers={data.verifiers} />;
};

/** Where the log ends, and how far the verifiers are. */
export const LogSection = (): ReactElement => {
  const { data, error, refetch } = useQuery(positionQuery);
  const [, setParameters] = useSearchParams();
  const refusal = useRefusal('GetReceipt');
  return (
    <Section
      id="log"
      title="The log, and its verifiers"
      sentence="The last position, and which verifiers know of it. One that is behind says since when."
    >
      {data === undefined && error !== null && (
        <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <Group gap={4} mb="sm">
            <Text>Last position</Text>
            <code className="wraps">{data.position}</code>
            <CopyButton text={data.position} what="last position" />
            {refusal === undefined && (
              <Button size="xs" variant="default" onClick={() => setParameters({ position: data.position })}>
                Follow it
              </Button>
            )}
          </Group>
          {refusal === undefined && <Verifiers position={data.position} />}
        </>
      )}
    </Section>
  );
};
