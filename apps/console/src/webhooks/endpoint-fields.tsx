import { Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { errorOf } from '../common/field-errors.js';
import { SignedBy } from './signing-facts.js';
import type { WebhookEndpoint } from './webhook-queries.js';

export interface EndpointDraft {
  readonly url: string;
  readonly description: string;
  /** One in each line. */
  readonly types: string;
  readonly scheme: WebhookEndpoint['scheme'];
}

export const emptyEndpoint: EndpointDraft = { url: '', description: '', types: '', scheme: 'standard' };

export const draftOf = ({ url, description, types, scheme }: WebhookEndpoint): EndpointDraft => ({
  url,
  description: description ?? '',
  types: types.join('\n'),
  scheme,
});

const typesOf = ({ types }: EndpointDraft): string[] =>
  types
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** As the API takes it. */
export const factsOf = (draft: EndpointDraft) => ({
  url: draft.url.trim(),
  description: draft.description === '' ? null : draft.description,
  types: typesOf(draft),
  scheme: draft.scheme,
});

const TYPE = /^[\w-]+(?:\.[\w-]+)*(?:\.\*)?$/;

const mistakesInTypes = (draft: EndpointDraft): readonly string[] =>
  typesOf(draft)
    .filter((type) => !TYPE.test(type))
    .map((type) => `“${type}” is no type, such as order.paid or order.*`);

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text.trim()) && URL.canParse(text.trim());

/** Whether the form may be sent. The server has the last word. */
export const isReadyEndpoint = (draft: EndpointDraft): boolean =>
  isUrl(draft.url) && mistakesInTypes(draft).length === 0;

/** Fields of the API that are marked here. */
export const endpointFields = ['url', 'description', 'types', 'scheme'];

interface Props {
  readonly accountId: string;
  readonly draft: EndpointDraft;
  readonly change: (part: Partial<EndpointDraft>) => void;
  readonly problem: ApiProblem | undefined;
}

const UrlField = ({ draft, change, problem }: Props): ReactElement => {
  const [wasLeft, setLeft] = useState(false);
  const isTold = wasLeft && draft.url !== '' && !isUrl(draft.url);
  return (
    <TextInput
      label="URL"
      description="Where it listens: https, at a host of the public internet."
      placeholder="https://hooks.example.com/keyledger"
      required
      maxLength={2048}
      autoComplete="off"
      spellCheck={false}
      data-autofocus
      value={draft.url}
      error={isTold ? 'No URL that begins with https://' : errorOf(problem, 'url')}
      onChange={(event) => change({ url: event.currentTarget.value })}
      onBlur={() => setLeft(true)}
    />
  );
};

const TypesField = ({ draft, change, problem }: Props): ReactElement => {
  const [isTyping, setTyping] = useState(false);
  const [mistake] = isTyping ? [] : mistakesInTypes(draft);
  return (
    <Textarea
      label="Types"
      description="One in each line: order.paid, or order.* for all that begin so. None: everything, ours too."
      classNames={{ input: 'mono' }}
      autosize
      minRows={2}
      maxRows={10}
      spellCheck={false}
      value={draft.types}
      error={mistake ?? errorOf(problem, 'types')}
      onChange={(event) => {
        setTyping(true);
        change({ types: event.currentTarget.value });
      }}
      onBlur={() => setTyping(false)}
    />
  );
};

const schemeChoices: readonly { readonly value: WebhookEndpoint['scheme']; readonly label: string }[] = [
  { value: 'standard', label: 'Standard Webhooks: in webhook-signature' },
  { value: 'mac', label: 'mac: in the header mac' },
];

const SchemeField = ({ accountId, draft, change, problem }: Props): ReactElement => {
  const note = (scheme: WebhookEndpoint['scheme']): ReactNode => <SignedBy accountId={accountId} scheme={scheme} />;
  return (
    <Radio.Group
      label="Signature"
      value={draft.scheme}
      error={errorOf(problem, 'scheme')}
      onChange={(scheme) => change({ scheme })}
    >
      <Stack gap="xs" mt={4}>
        {schemeChoices.map(({ value, label }) => (
          <Radio key={value} value={value} label={label} description={note(value)} />
        ))}
      </Stack>
    </Radio.Group>
  );
};

/** What an endpoint is registered with, and can be changed to. */
export const EndpointFields = (props: Props): ReactElement => (
  <>
    <UrlField {...props} />
    <Textarea
      label="Description"
      description="Not needed. What listens there, and who looks after it."
      maxLength={1000}
      autosize
      minRows={1}
      maxRows={6}
      value={props.draft.description}
      error={errorOf(props.problem, 'description')}
      onChange={(event) => props.change({ description: event.currentTarget.value })}
    />
    <TypesField {...props} />
    <SchemeField {...props} />
  </>
);
