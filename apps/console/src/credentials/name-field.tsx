import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { useAccountId } from '../accounts/account-queries.js';
import type { CredentialType } from './credential-queries.js';

type NameRule = CredentialType['name'];

/** What a pattern allows, where it only lists characters, as people write it: `A-Z a-z 0-9 _ -`. */
const charactersOf = (pattern: string): string | undefined =>
  /^\[([^[\]]*)\]\+$/
    .exec(pattern)?.[1]
    ?.replace(/(\w-\w)/g, '$1 ')
    .replace('_-', '_ -');

const patternInWords = (pattern: string): string => charactersOf(pattern) ?? `as the pattern ${pattern}`;

const ruleInWords = ({ required, minLength, maxLength, pattern }: NameRule): string =>
  `${required ? '' : 'Not needed. '}${minLength} to ${maxLength} characters` +
  `${pattern === null ? '' : `: ${patternInWords(pattern)}`}. Unique in the account.`;

/** What is wrong with a name by the rule of its type; undefined for a good one. */
const mistakeIn = (name: string, { minLength, maxLength, pattern }: NameRule): string | undefined => {
  if (pattern !== null && !new RegExp(`^(?:${pattern})$`, 'u').test(name) && name !== '') {
    const characters = charactersOf(pattern);
    return characters === undefined ? `Not as the pattern ${pattern}` : `Only these characters: ${characters}`;
  }
  const length = [...name].length;
  if (length < minLength) return `At least ${minLength} characters: ${minLength - length} more`;
  return length > maxLength ? `At most ${maxLength} characters: ${length - maxLength} fewer` : undefined;
};

const useIsTaken = (type: string, name: string, asks: boolean): boolean => {
  const accountId = useAccountId();
  const [q] = useDebouncedValue(name, 300);
  const { data } = useQuery({
    queryKey: ['credentials-named', accountId, type, q],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/v1/accounts/{accountId}/credentials', {
          params: { path: { accountId }, query: { type, q, limit: 200 } },
          signal,
        }),
      ),
    enabled: asks && q !== '' && q === name,
  });
  return q === name && data?.items.some((each) => each.name === name) === true;
};

interface Props {
  readonly type: CredentialType;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Of the server. */
  readonly error: string | undefined;
}

/** A name by the rule of its type: checked as one types, and complained about only after the field is left. */
export const NameField = ({ type, value, onChange, error }: Props): ReactElement => {
  const [wasLeft, setLeft] = useState(false);
  const mistake = mistakeIn(value, type.name);
  const isTaken = useIsTaken(type.type, value, mistake === undefined);
  const told = isTaken ? 'There is one with this name already' : mistake;
  // What more keys cannot mend is told at once.
  const isHopeless = isTaken || (mistake !== undefined && !mistake.startsWith('At least'));
  const isTold = isHopeless || (wasLeft && value !== '');
  return (
    <TextInput
      label="Name"
      description={ruleInWords(type.name)}
      required={type.name.required}
      autoComplete="off"
      spellCheck={false}
      data-autofocus
      value={value}
      error={isTold ? (told ?? error) : error}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => setLeft(true)}
    />
  );
};

/** Whether the form may be sent with that name. */
export const isGoodName = (name: string, { name: rule }: CredentialType): boolean =>
  (name === '' && !rule.required) || mistakeIn(name, rule) === undefined;
