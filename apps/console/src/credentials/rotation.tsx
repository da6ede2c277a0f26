import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { AllowedButton } from '../common/allowed-button.js';
import { Facts } from '../common/facts.js';
import { Icon } from '../common/icons.js';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import type { Dialog } from '../common/use-dialog.js';
import type { Credential, CredentialPath, CredentialType } from './credential-queries.js';
import { RotationDialogs, type Done } from './rotation-dialogs.js';
import { useNewRefusal } from './use-new-refusal.js';
import { currentVersion, isEnded, isOldInUse, overlapVersion, type Version } from './versions.js';

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  readonly type: CredentialType;
  readonly dialog: Dialog;
}

const steps = ['Rotate', 'Change over', 'Finish'] as const;
type Step = (typeof steps)[number];

const Steps = ({ at }: { readonly at: Step }): ReactElement => (
  <ol className="steps" aria-label="Steps of a rotation">
    {steps.map((step, index) => (
      <li key={step} aria-current={step === at ? 'step' : undefined}>
        {index + 1}. {step}
      </li>
    ))}
  </ol>
);

const LastUse = ({ at }: { readonly at: string | null }): ReactElement =>
  at === null ? (
    <>Not used yet.</>
  ) : (
    <>
      Last used <Time at={at} form="relative" />.
    </>
  );

interface OverlapProps extends Pick<Props, 'dialog'> {
  readonly old: Version;
  readonly current: Version;
}

const adviceFor = (old: Version, current: Version): string => {
  if (isOldInUse(old, current)) {
    return 'The old secret was used since the rotation: somebody still has it. Find them, or let it go on for longer.';
  }
  return current.lastUsedAt === null
    ? 'Neither secret was used since the rotation. Give the new one to whoever uses the credential.'
    : 'The old secret was not used since the rotation. Finish once it is quiet for longer than its users ever pause.';
};

const Overlap = ({ old, current, dialog }: OverlapProps): ReactElement => {
  const change = useNewRefusal('ChangeRotation');
  const finish = useNewRefusal('FinishRotation');
  const cancel = useNewRefusal('CancelRotation');
  const facts = [
    {
      label: 'New secret',
      value: (
        <>
          Version {current.version}, since <Time at={current.createdAt} />. <LastUse at={current.lastUsedAt} />
        </>
      ),
    },
    {
      label: 'Old secret',
      value: (
        <>
          Version {old.version}, until {old.validUntil !== null && <Time at={old.validUntil} />}.{' '}
          <LastUse at={old.lastUsedAt} />
        </>
      ),
    },
  ];
  return (
    <Stack gap="sm" align="flex-start">
      <Facts facts={facts} />
      <Group gap="xs" wrap="nowrap" align="flex-start" maw={680}>
        <Text component="span" c={isOldInUse(old, current) ? 'var(--page-attention)' : 'dimmed'} mt={2}>
          <Icon name={isOldInUse(old, current) ? 'warning' : 'clock'} />
        </Text>
        <Text>{adviceFor(old, current)}</Text>
      </Group>
      <Group gap="xs">
        <AllowedButton refusal={finish} onClick={() => dialog.open('finish-rotation')}>
          Finish rotation
        </AllowedButton>
        <AllowedButton refusal={change} variant="default" onClick={() => dialog.open('overlap-end')}>
          Change its end
        </AllowedButton>
        <AllowedButton
          refusal={cancel}
          variant="default"
          c={cancel === undefined ? 'var(--mantine-color-error)' : undefined}
          onClick={() => dialog.open('cancel-rotation')}
        >
          Cancel rotation
        </AllowedButton>
      </Group>
    </Stack>
  );
};

const Due = ({ at }: { readonly at: string }): ReactElement =>
  Date.parse(at) > Date.now() ? (
    <Text c="dimmed">
      The next rotation is advised by <Time at={at} />.
    </Text>
  ) : (
    <Text c="var(--page-attention)">
      A rotation is advised since <Time at={at} />.
    </Text>
  );

const Resting = ({ path, credential, type }: Omit<Props, 'dialog'>): ReactElement => {
  if (type.issuedBy === 'api-access') {
    return (
      <Text>
        It has no overlap: it is replaced at once, on the page of{' '}
        <Anchor component={Link} to={`/accounts/${path.accountId}/api-access`} underline="always">
          API access
        </Anchor>
        .
      </Text>
    );
  }
  if (!type.allows.rotate) return <Text>Its type knows no rotation.</Text>;
  if (isEnded(credential)) return <Text>It has ended: its secret is rotated no more.</Text>;
  return (
    <Stack gap="xs">
      <Steps at="Rotate" />
      <Text maw={680}>
        One secret is valid. A rotation issues a new one, and the old one goes on for as long as you choose, so that
        nobody is cut off while you change over.
      </Text>
      {credential.rotationDueAt !== null && <Due at={credential.rotationDueAt} />}
    </Stack>
  );
};

/** The way from one secret to the next: to start, to look at both while they overlap, and to end it. */
export const Rotation = (props: Props): ReactElement => {
  const { path, credential, dialog } = props;
  const [done, setDone] = useState<Done>();
  const [old, current] = [overlapVersion(credential), currentVersion(credential)];
  const isUnderWay = old !== undefined && current !== undefined && !isEnded(credential);
  return (
    <Section id="rotation" title="Rotation">
      <Text role="status" mb={done === undefined ? 0 : 'xs'}>
        {done !== undefined && (
          <>
            {done.words}{' '}
            <Text component="span" c="dimmed" size="xs" className="wraps">
              Reached position <code>{done.position}</code>
            </Text>
          </>
        )}
      </Text>
      {isUnderWay ? (
        <Stack gap="xs">
          <Steps at="Change over" />
          <Overlap {...{ old, current, dialog }} />
          <RotationDialogs {...{ path, credential, old, dialog }} onDone={setDone} />
        </Stack>
      ) : (
        <Resting {...props} />
      )}
    </Section>
  );
};
