import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { inWords } from '../audit/words.js';
import { CopyButton } from '../common/copy-button.js';
import { Icon, type IconName } from '../common/icons.js';
import { Time } from '../common/times.js';
import { CredentialLink } from './credential-link.js';
import { useHistory, type Credential, type CredentialPath } from './credential-queries.js';
import { entryAddress } from './entry-address.js';
import { ruleInWords, verdictInWords, type Verdict } from './verdict-words.js';
import { standingOf } from './versions.js';

type Rule = NonNullable<Verdict['rules']>[number];

const looks: Readonly<Record<Rule['outcome'], { readonly icon: IconName; readonly colour: string }>> = {
  passed: { icon: 'check', colour: 'var(--page-good)' },
  failed: { icon: 'stop', colour: 'var(--mantine-color-error)' },
  'not-checked': { icon: 'minus', colour: 'dimmed' },
};

const Mark = ({ outcome }: { readonly outcome: Rule['outcome'] }): ReactElement => (
  <Text component="span" c={looks[outcome].colour} mt={2}>
    <Icon name={looks[outcome].icon} />
  </Text>
);

interface Known {
  readonly path: CredentialPath;
  readonly credential: Credential;
}

/** The event that a rule went by: with its words where it is among the last ones of the credential, else by its id. */
const DecidedBy = ({ path, credential, eventId }: Known & { readonly eventId: string }): ReactElement => {
  const { data } = useHistory(path, credential.revision);
  const entry = data?.items.find((each) => each.eventId === eventId);
  return entry === undefined ? (
    <Group gap={2} wrap="nowrap">
      <Text size="xs" c="dimmed" className="wraps">
        Decided by the event <code>{eventId}</code>
      </Text>
      <CopyButton text={eventId} what={`event ${eventId}`} />
    </Group>
  ) : (
    <Text size="xs" c="dimmed">
      Decided by{' '}
      <Anchor component={Link} to={entryAddress(path, entry)} inherit underline="always">
        {inWords(entry.action)}
      </Anchor>
      , <Time at={entry.at} form="relative" />.
    </Text>
  );
};

interface RuleLineProps extends Known {
  readonly rule: Rule;
  readonly isFound: boolean;
}

const RuleLine = ({ rule, isFound, path, credential }: RuleLineProps): ReactElement => (
  <li>
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Mark outcome={rule.outcome} />
      <div>
        <Text c={rule.outcome === 'not-checked' ? 'dimmed' : undefined}>{ruleInWords(rule, isFound)}</Text>
        {rule.eventId !== null && <DecidedBy {...{ path, credential }} eventId={rule.eventId} />}
      </div>
    </Group>
  </li>
);

interface Props extends Known {
  readonly verdict: Verdict;
}

/** Which secret of the credential it was; or that it was none of its. */
const Whose = ({ verdict: { credentialId, version }, credential }: Omit<Props, 'path'>): ReactElement | null => {
  if (credentialId === null) return null;
  if (credentialId !== credential.credentialId) {
    return (
      <Alert color="yellow" variant="outline" title="It belongs to another credential">
        <Text>What was said is about this one:</Text>
        <CredentialLink of={{ credentialId }}>
          <code>{credentialId}</code>
        </CredentialLink>
      </Alert>
    );
  }
  const used = credential.versions.find((each) => each.version === version);
  if (used === undefined) return null;
  return (
    <Text>
      It is the secret of version {used.version}: {standingOf(used, credential).toLowerCase()}.
    </Text>
  );
};

export const answerInWords = ({ valid, code }: Verdict): string =>
  valid ? 'Yes, it would pass.' : `No, it would be refused: ${verdictInWords(code).toLowerCase()}.`;

/** What would be answered, and every rule that was asked for it. */
export const ExplainedVerdict = ({ verdict, path, credential }: Props): ReactElement => {
  const { valid, code, rules = [], ageMs } = verdict;
  const isFound = !rules.some(({ rule, outcome }) => rule === 'NOT_FOUND' && outcome !== 'passed');
  return (
    <Stack gap="xs" role="group" aria-label="Answer">
      <Group gap="xs" align="flex-start">
        <Mark outcome={valid ? 'passed' : 'failed'} />
        <Text fw={600}>{answerInWords(verdict)}</Text>
        <code>{code}</code>
      </Group>
      <Whose {...{ verdict, credential }} />
      <ul className="lines" aria-label="Every rule">
        {rules.map((rule) => (
          <RuleLine key={rule.rule} {...{ rule, isFound, path, credential }} />
        ))}
      </ul>
      {ageMs !== null && (
        <Text size="xs" c="dimmed">
          By what the verifier knew; that is at most {ageMs.toLocaleString()} ms old. Nothing was counted.
        </Text>
      )}
    </Stack>
  );
};
