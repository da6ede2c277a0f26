import { Alert, Button, Group, Stack, Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { isCreatedUnconfirmed } from '../api/form-key.js';
import type { ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { useStore } from '../api/store.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { shownSecret } from '../common/shown-secret.js';
import { useDraft } from '../common/use-draft.js';
import type { CredentialType } from './credential-queries.js';
import { createCredential, showIssued } from './credential-writes.js';
import { isGoodName, NameField } from './name-field.js';
import { ApplicationField, EnvironmentField, ModeField, useLiveRefusal } from './type-fields.js';
import type { Environment, Mode } from './type-fields.js';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly type: CredentialType;
  /** What the type is called in a sentence: "credential". */
  readonly noun: string;
  /** "Create" where left out. */
  readonly verb?: string | undefined;
  /** Where the page is about one application: its id. */
  readonly applicationId?: string | undefined;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly mode: Mode;
  readonly environment: Environment;
  readonly applicationId: string;
}

const empty: Draft = { name: '', description: '', mode: 'test', environment: 'development', applicationId: '' };

const bodyOf = ({ type, modes, belongsToApplication }: CredentialType, draft: Draft) => ({
  type,
  ...(draft.name === '' ? {} : { name: draft.name }),
  ...(draft.description === '' ? {} : { description: draft.description }),
  ...(modes === null ? {} : { mode: draft.mode }),
  ...(belongsToApplication ? { environment: draft.environment, applicationId: draft.applicationId } : {}),
});

/** Whether the form may be sent. */
const useIsReady = (type: CredentialType, draft: Draft): boolean => {
  const isForbiddenLive = useLiveRefusal() !== undefined && draft.mode === 'live';
  const hasMode = type.modes === null || !isForbiddenLive;
  const hasApplication = !type.belongsToApplication || draft.applicationId !== '';
  return isGoodName(draft.name, type) && hasMode && hasApplication;
};

interface FieldsProps extends Pick<Props, 'type' | 'applicationId'> {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly problem: ApiProblem | undefined;
}

/** What a credential of the type has, by the type's own data. */
const Fields = ({ type, applicationId, draft, change, problem }: FieldsProps): ReactElement => (
  <>
    {type.modes !== null && (
      <ModeField
        prefixes={type.modes}
        value={draft.mode}
        error={errorOf(problem, 'mode')}
        onChange={(mode) => change({ mode })}
      />
    )}
    {type.belongsToApplication && applicationId === undefined && (
      <ApplicationField
        value={draft.applicationId}
        error={errorOf(problem, 'applicationId')}
        onChange={(chosen) => change({ applicationId: chosen })}
      />
    )}
    {type.belongsToApplication && (
      <EnvironmentField
        value={draft.environment}
        error={errorOf(problem, 'environment')}
        onChange={(environment) => change({ environment })}
      />
    )}
    <NameField
      type={type}
      value={draft.name}
      error={problem?.code === 'name-taken' ? problem.title : errorOf(problem, 'name')}
      onChange={(name) => change({ name })}
    />
    <Textarea
      label="Description"
      description="Not needed. For people: what it is used for, and where."
      maxLength={1000}
      autosize
      minRows={2}
      maxRows={8}
      value={draft.description}
      error={errorOf(problem, 'description')}
      onChange={(event) => change({ description: event.currentTarget.value })}
    />
  </>
);

const shownFields = ['name', 'description', 'mode', 'environment', 'applicationId'];

const Form = ({ type, noun, verb = 'Create', applicationId, onClose }: Props): ReactElement => {
  const accountId = useAccountId();
  const form = ['create', accountId, type.type, ...(applicationId === undefined ? [] : [applicationId])].join('.');
  const [draft, change, forget] = useDraft(form, { ...empty, applicationId: applicationId ?? '' });
  const isReady = useIsReady(type, draft);
  const onClosed = (): void => {
    forget();
    onClose();
  };
  const title = `${capital(noun)} ${verb.toLowerCase()}d`;
  const write = useWrite(() => createCredential(form, accountId, bodyOf(type, draft)), {
    onDone: (issued) => showIssued(issued, { accountId, type, form, title, onClosed }),
  });
  const lookAgain = (): void => {
    write.forget();
    void queryClient.invalidateQueries();
  };
  const { problem } = write;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="md">
        {isCreatedUnconfirmed(form) && (
          <Alert color="yellow" variant="outline" title={`This ${noun} was created a moment ago`}>
            That its secret is saved was never confirmed. The same form shows it once more, within ten minutes.
          </Alert>
        )}
        <Fields {...{ type, applicationId, draft, change, problem }} />
        {problem !== undefined && (
          <ProblemNotice
            problem={problem}
            shownFields={shownFields}
            {...(problem.status === 409 ? { onRetry: lookAgain } : {})}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isReady}>
            {verb} {noun}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** The form of a type, and then its secret. It stays open below the secret: after a reload the same form shows it. */
export const CreateCredentialDialog = (props: Props): ReactElement => {
  const isSecretShown = useStore(shownSecret) !== null;
  return (
    <DialogFrame
      isOpen={props.isOpen && !isSecretShown}
      onClose={props.onClose}
      title={`${props.verb ?? 'Create'} ${withArticle(props.noun)}`}
    >
      <Form {...props} />
    </DialogFrame>
  );
};
