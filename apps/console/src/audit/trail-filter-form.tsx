import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { useRef, useState, type ReactElement } from 'react';
import actions from '../api/generated/audit-actions.json' with { type: 'json' };
import { useShortcut } from '../shell/keyboard.js';
import { InstantField } from '../common/instant-field.js';
import type { TrailFilters } from './trail-filters.js';
import { inWords } from './words.js';

const choices = actions.map((action) => ({ value: action, label: inWords(action) }));

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const ActionsField = ({ label, value, onChange }: FieldProps): ReactElement => (
  <MultiSelect
    label={label}
    data={choices}
    searchable
    clearable
    clearButtonProps={{ 'aria-label': `Clear ${label}` }}
    nothingFoundMessage="Nothing begins so."
    comboboxProps={{ shadow: 'none' }}
    {...(value === '' ? { placeholder: 'Any' } : {})}
    value={value === '' ? [] : value.split(',')}
    onChange={(chosen) => onChange(chosen.join(','))}
  />
);

const IdField = ({ label, value, onChange }: FieldProps): ReactElement => (
  <TextInput
    label={label}
    spellCheck={false}
    autoComplete="off"
    value={value}
    onChange={(event) => onChange(event.currentTarget.value.trim())}
  />
);

interface Props {
  readonly filters: TrailFilters;
  readonly onShow: (filters: Partial<TrailFilters>) => void;
}

/** Filters are used together when asked for, and not at each key: each look at the trail is recorded. */
export const TrailFilterForm = ({ filters, onShow }: Props): ReactElement => {
  const [draft, setDraft] = useState(filters);
  const actor = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Filter by who', () => actor.current?.focus());
  const field = (name: keyof TrailFilters) => ({
    value: draft[name],
    onChange: (value: string) => setDraft((before) => ({ ...before, [name]: value })),
  });
  const hasFurther = filters.excludeAction !== '' || filters.credentialId !== '' || filters.applicationId !== '';
  return (
    <form
      className="trail-filters"
      onSubmit={(event) => {
        event.preventDefault();
        onShow(draft);
      }}
    >
      <div className="trail-fields">
        <TextInput
          ref={actor}
          label="Who (whole id)"
          spellCheck={false}
          autoComplete="off"
          value={draft.actor}
          onChange={(event) => field('actor').onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <ActionsField label="What happened" {...field('action')} />
        <InstantField label="From" {...field('from')} />
        <InstantField label="Before" {...field('to')} />
      </div>
      <details open={hasFurther}>
        <summary>Further filters</summary>
        <div className="trail-fields">
          <ActionsField label="But not" {...field('excludeAction')} />
          <IdField label="Credential ID" {...field('credentialId')} />
          <IdField label="App ID" {...field('applicationId')} />
        </div>
      </details>
      <Group gap="xs">
        <Button type="submit" variant="default">
          Show
        </Button>
        {Object.values(filters).some((value) => value !== '') && (
          <Button variant="subtle" onClick={() => onShow({})}>
            Show all
          </Button>
        )}
        <Button variant="subtle" onClick={() => onShow({ action: 'AuditTrailRead' })}>
          Who has read this trail
        </Button>
      </Group>
    </form>
  );
};
