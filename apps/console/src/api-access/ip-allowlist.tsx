import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { lookAgain } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { AllowedButton } from '../common/allowed-button.js';
import { Mistakes } from '../common/mistakes.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { useDraft } from '../common/use-draft.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { apiAccessQuery, type ApiAccess } from './api-access-queries.js';
import { setIpAllowlist } from './api-access-writes.js';
import { linesOf, mistakeInBlock, type Line } from './cidr.js';
import { ListChanged } from './list-changed.js';

interface Draft {
  /** Null as long as nothing was typed. */
  readonly text: string | null;
  /** The list that was there when the typing began. */
  readonly base: readonly string[];
}

const empty: Draft = { text: null, base: [] };

const SENTENCE =
  'The auth token is accepted only from these addresses. An empty list accepts it from everywhere. ' +
  'No other credential is bound by it.';

/** What is wrong, line by line; nothing yet of the line that is being typed. */
const mistakesIn = (lines: readonly Line[], typing: number | null): readonly string[] =>
  lines
    .filter(({ number }) => number !== typing)
    .flatMap(({ number, text }) => {
      const mistake = mistakeInBlock(text);
      return mistake === undefined ? [] : [`Line ${number}: ${mistake}`];
    });

/** What the server says of a block, at the line that it stands in. */
const refusedLines = (problem: ApiProblem | undefined, lines: readonly Line[]): readonly string[] =>
  (problem?.errors ?? []).flatMap(({ field, message }) => {
    const [, index] = /^cidrs\[(\d+)\]$/.exec(field) ?? [];
    const line = index === undefined ? undefined : lines[Number(index)];
    return line === undefined ? [] : [`Line ${line.number}: ${message}`];
  });

const countInWords = (count: number): string => {
  if (count === 0) return 'No block: every address may use the token.';
  return count === 1 ? '1 block' : `${count} blocks`;
};

const lineAt = ({ value, selectionStart }: HTMLTextAreaElement): number =>
  value.slice(0, selectionStart).split('\n').length;

interface Props {
  readonly accountId: string;
  readonly access: ApiAccess;
}

const useSaving = ({ accountId, access }: Props, forget: () => void) =>
  useWrite((cidrs: string[]) => setIpAllowlist(accountId, access, cidrs), {
    onDone: ({ cidrs }) => {
      queryClient.setQueryData(apiAccessQuery(accountId).queryKey, { ...access, ipAllowlist: cidrs });
      forget();
    },
  });

const blockFields = (problem: ApiProblem): readonly string[] =>
  problem.errors.map(({ field }) => field).filter((field) => field.startsWith('cidrs['));

/** The list as it is being edited. */
const useEditing = (props: Props) => {
  const saved = props.access.ipAllowlist;
  const [draft, change, forget] = useDraft<Draft>(`ip-allowlist.${props.accountId}`, empty);
  const write = useSaving(props, forget);
  const text = draft.text ?? saved.join('\n');
  const lines = linesOf(text);
  const blocks = lines.map((line) => line.text);
  const isChanged = blocks.join() !== saved.join();
  const hasChangedMeanwhile = draft.text !== null && isChanged && draft.base.join() !== saved.join();
  const type = (next: string): void => change({ text: next, base: draft.text === null ? saved : draft.base });
  const discard = (): void => {
    write.forget();
    forget();
  };
  const keep = (): void => change({ base: saved });
  const isTyped = draft.text !== null;
  return {
    saved,
    base: draft.base,
    text,
    lines,
    blocks,
    isChanged,
    isTyped,
    hasChangedMeanwhile,
    type,
    discard,
    keep,
    write,
  };
};

type Editing = ReturnType<typeof useEditing>;

/** Why it cannot be saved as it is. */
const savingRefusal = ({ isChanged, lines, hasChangedMeanwhile }: Editing): string | undefined => {
  if (!isChanged) return 'Nothing is changed.';
  if (mistakesIn(lines, null).length > 0) return 'Correct what is no address block first.';
  return hasChangedMeanwhile ? 'Look at what has changed meanwhile first.' : undefined;
};

const BlocksField = ({ editing, isReadOnly }: { readonly editing: Editing; readonly isReadOnly: boolean }) => {
  const [typing, setTyping] = useState<number | null>(null);
  const { text, lines, type, write } = editing;
  const mistakes = [...mistakesIn(lines, typing), ...refusedLines(write.problem, lines)];
  const follow = ({ currentTarget }: SyntheticEvent<HTMLTextAreaElement>): void => setTyping(lineAt(currentTarget));
  return (
    <Textarea
      label="Address blocks"
      description="One in each line, IPv4 or IPv6, with its prefix length."
      classNames={{ input: 'mono' }}
      autosize
      minRows={4}
      maxRows={16}
      spellCheck={false}
      readOnly={isReadOnly}
      value={text}
      error={mistakes.length === 0 ? undefined : <Mistakes all={mistakes} />}
      onChange={(event) => {
        follow(event);
        type(event.currentTarget.value);
      }}
      onSelect={follow}
      onBlur={() => setTyping(null)}
    />
  );
};

/** From where the auth token may be used: one block a line, checked as one types. */
export const IpAllowlist = (props: Props): ReactElement => {
  const editing = useEditing(props);
  const { saved, base, blocks, isTyped, hasChangedMeanwhile, discard, keep, write } = editing;
  const refusal = useNewRefusal('SetIpAllowlist');
  return (
    <Section id="ip-allowlist" title="IP allow-list" sentence={SENTENCE}>
      <Stack gap="sm" maw={560}>
        {hasChangedMeanwhile && (
          <ListChanged accountId={props.accountId} saved={saved} before={base} onKeep={keep} onDrop={discard} />
        )}
        <BlocksField editing={editing} isReadOnly={refusal !== undefined} />
        {write.problem !== undefined && (
          <ProblemNotice
            problem={write.problem}
            shownFields={blockFields(write.problem)}
            onRetry={() => lookAgain(write.forget)}
          />
        )}
        <Group gap="sm">
          <AllowedButton
            refusal={refusal ?? savingRefusal(editing)}
            loading={write.isRunning}
            onClick={() => void write.run(blocks)}
          >
            Save allow-list
          </AllowedButton>
          <Button variant="default" disabled={!isTyped} onClick={discard}>
            Discard changes
          </Button>
          <Text c="dimmed">{countInWords(blocks.length)}</Text>
        </Group>
      </Stack>
    </Section>
  );
};
