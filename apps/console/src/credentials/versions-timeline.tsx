import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import type { Credential } from './credential-queries.js';
import { standingOf, type Version } from './versions.js';

interface ItemProps {
  readonly version: Version;
  readonly credential: Credential;
}

/** Until when it is or was valid. The current one is, until its credential expires. */
const End = ({ version, credential }: ItemProps): ReactElement => {
  const end = version.validUntil ?? credential.expiresAt;
  return end === null ? <>No end</> : <Time at={end} />;
};

const Item = ({ version, credential }: ItemProps): ReactElement => {
  const { state, createdAt, lastUsedAt } = version;
  const isValid = state !== 'ended' && credential.status === 'active';
  return (
    <li data-valid={isValid || undefined}>
      <Group gap="xs" align="baseline">
        <Text component="span" fw={600}>
          Version {version.version}
        </Text>
        <Text component="span" c={isValid ? undefined : 'dimmed'}>
          {standingOf(version, credential)}
        </Text>
      </Group>
      <dl>
        <div>
          <dt>Made</dt>
          <dd>
            <Time at={createdAt} />
          </dd>
        </div>
        <div>
          <dt>{state === 'ended' ? 'Ended' : 'Valid until'}</dt>
          <dd>
            <End {...{ version, credential }} />
          </dd>
        </div>
        <div>
          <dt>Last used</dt>
          <dd>{lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} form="relative" />}</dd>
        </div>
      </dl>
    </li>
  );
};

/** Every secret that the credential has had, the newest first. */
export const VersionsTimeline = ({ credential }: { readonly credential: Credential }): ReactElement => {
  const versions = credential.versions.toReversed();
  const isWhole = versions.at(-1)?.version === 1;
  return (
    <Section id="versions" title="Versions" sentence="Each rotation adds one, under the same credential id.">
      <ol className="timeline" reversed aria-label="Versions, the newest first">
        {versions.map((version) => (
          <Item key={version.version} {...{ version, credential }} />
        ))}
      </ol>
      {!isWhole && <Text c="dimmed">Older ones are in the audit trail.</Text>}
    </Section>
  );
};
