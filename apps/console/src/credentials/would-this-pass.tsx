import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState, type ReactElement, type RefObject } from 'react';
import { api, dataOf } from '../api/client.js';
import type { components } from '../api/generated/schema.js';
import { useRefusal } from '../api/permissions.js';
import { minPosition } from '../api/positions.js';
import { useWrite } from '../api/use-write.js';
import { AllowedButton } from '../common/allowed-button.js';
import { Announce } from '../common/announce.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { labelOf } from '../common/shown-secret.js';
import { useDraft } from '../common/use-draft.js';
import type { Credential, CredentialPath, CredentialType } from './credential-queries.js';
import { answerInWords, ExplainedVerdict } from './explained-verdict.js';
import type { Verdict } from './verdict-words.js';

type VerifyInput = components['schemas']['VerifyInput'];

/** What the request would be. The secret is no part of it: this is kept for the tab. */
interface Draft {
  readonly ip: string;
  readonly endpoint: string;
  readonly scopes: string;
}

const empty: Draft = { ip: '', endpoint: '', scopes: '' };

/** A method and a path, or else an id. */
const endpointOf = (text: string): NonNullable<VerifyInput['endpoint']> => {
  const [, method, path] = /^([A-Za-z]+)\s+(\/\S*)$/.exec(text) ?? [];
  return method === undefined || path === undefined ? text : { method: method.toUpperCase(), path };
};

const bodyOf = (presented: string, { ip, endpoint, scopes }: Draft): VerifyInput => {
  const position = minPosition();
  const asked = scopes.split(/[\s,]+/).filter((scope) => scope !== '');
  return {
    credential: presented,
    explain: true,
    ...(ip.trim() === '' ? {} : { ip: ip.trim() }),
    ...(endpoint.trim() === '' ? {} : { endpoint: endpointOf(endpoint.trim()) }),
    ...(asked.length === 0 ? {} : { scopes: asked }),
    ...(position === undefined ? {} : { minPosition: position }),
  };
};

/** A pair is presented as a whole: its public part is known here. */
const presentedAs = (secret: string, { publicPart }: Credential, type: CredentialType): string =>
  type.publicPart === null || secret.includes(':') ? secret : `${publicPart}:${secret}`;

interface FieldsProps {
  readonly type: CredentialType;
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

/** What the type of the credential is bound by. */
const RequestFields = ({ type, draft, change }: FieldsProps): ReactElement => (
  <>
    {type.bindsIpAllowlist && (
      <TextInput
        label="Address of the caller"
        description="An IP address. Without one it is refused where the account has an IP allow-list."
        autoComplete="off"
        value={draft.ip}
        onChange={(event) => change({ ip: event.currentTarget.value })}
      />
    )}
    {type.bindsEndpoints && (
      <TextInput
        label="Endpoint"
        description="As a request has it, GET /invoices, or its id. Not checked where left out."
        autoComplete="off"
        value={draft.endpoint}
        onChange={(event) => change({ endpoint: event.currentTarget.value })}
      />
    )}
    <TextInput
      label="Scopes"
      description="That the request needs, with spaces between. Not checked where left out."
      autoComplete="off"
      value={draft.scopes}
      onChange={(event) => change({ scopes: event.currentTarget.value })}
    />
  </>
);

interface SecretFieldProps {
  readonly label: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly isMissing: boolean;
}

/** What is typed here is in the field alone: in no state, no draft and no attribute. */
const SecretField = ({ label, field, isMissing }: SecretFieldProps): ReactElement => (
  <TextInput
    ref={field}
    type="password"
    label={label}
    description="Paste it. It is sent to be checked, kept nowhere, and gone from here once it is sent."
    autoComplete="off"
    spellCheck={false}
    error={isMissing ? 'Paste the secret first.' : undefined}
  />
);

interface Props {
  readonly path: CredentialPath;
  readonly credential: Credential;
  readonly type: CredentialType;
}

const Form = ({ path, credential, type }: Props): ReactElement => {
  const [draft, change] = useDraft<Draft>(`verify.${path.credentialId}`, empty);
  const [verdict, setVerdict] = useState<Verdict>();
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const write = useWrite((body: VerifyInput) => dataOf(api.POST('/v1/verify', { body })), { onDone: setVerdict });
  const ask = (): void => {
    const secret = field.current?.value.trim() ?? '';
    setMissing(secret === '');
    if (field.current === null || secret === '') return field.current?.focus();
    field.current.value = '';
    setVerdict(undefined);
    void write.run(bodyOf(presentedAs(secret, credential, type), draft));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Stack gap="md" maw={680} align="stretch">
        <SecretField label={labelOf(type.secretPart.field)} field={field} isMissing={isMissing} />
        <RequestFields {...{ type, draft, change }} />
        <div>
          <Button type="submit" variant="default" loading={write.isRunning}>
            Check it
          </Button>
        </div>
        <Announce>{verdict === undefined ? '' : answerInWords(verdict)}</Announce>
        {verdict !== undefined && <ExplainedVerdict {...{ verdict, path, credential }} />}
        {write.problem !== undefined && (
          <ProblemNotice problem={write.problem}>
            <Text mt={4}>The secret was not kept. Paste it again to ask once more.</Text>
          </ProblemNotice>
        )}
      </Stack>
    </form>
  );
};

/** What a verifier would answer now, and why: a dry run. */
export const WouldThisPass = (props: Props): ReactElement => {
  const refusal = useRefusal('Verify', props.path.accountId);
  return (
    <Section
      id="would-this-pass"
      title="Would this pass?"
      sentence="What a verifier answers now to whoever presents it, rule by rule. Nothing is counted as usage."
      action={
        refusal !== undefined && (
          <AllowedButton refusal={refusal} variant="default" onClick={() => undefined}>
            Check it
          </AllowedButton>
        )
      }
    >
      {refusal === undefined ? <Form {...props} /> : <Text c="dimmed">{refusal}</Text>}
    </Section>
  );
};
