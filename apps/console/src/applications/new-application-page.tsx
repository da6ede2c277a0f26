import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useAccountId } from '../accounts/account-queries.js';
import { AllowedButton } from '../common/allowed-button.js';
import { forgetFormKey, isCreatedUnconfirmed } from '../api/form-key.js';
import type { ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDraft } from '../common/use-draft.js';
import { showIssued } from '../credentials/credential-writes.js';
import { useCredentialType } from '../credentials/credential-queries.js';
import { EnvironmentField, type Environment } from '../credentials/type-fields.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { KEY_PAIR, useCatalogue } from './application-queries.js';
import { registerApplication } from './application-writes.js';
import { DetailsFields } from './details-fields.js';
import { EndpointPicker } from './endpoint-picker.js';

interface Draft {
  readonly title: string;
  readonly description: string;
  readonly environment: Environment;
  readonly endpointIds: readonly string[];
}

const empty: Draft = { title: '', description: '', environment: 'development', endpointIds: [] };

const steps = ['details', 'endpoints'] as const;
const titles = { details: 'Details', endpoints: 'Endpoints and keys' } as const;
type Step = (typeof steps)[number];

const Steps = ({ at }: { readonly at: Step }): ReactElement => (
  <ol className="steps" aria-label="Steps">
    {steps.map((step, index) => (
      <li key={step} aria-current={step === at ? 'step' : undefined}>
        {index + 1}. {titles[step]}
      </li>
    ))}
  </ol>
);

interface StepProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly problem: ApiProblem | undefined;
}

const DetailsStep = ({ draft, change, problem, onNext }: StepProps & { readonly onNext: () => void }): ReactElement => (
  <form
    onSubmit={(event) => {
      event.preventDefault();
      if (draft.title.trim() !== '') onNext();
    }}
  >
    <Stack gap="md">
      <DetailsFields details={draft} problem={problem} onChange={change} />
      {problem !== undefined && <ProblemNotice problem={problem} shownFields={['title', 'description']} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" component={Link} to=".." relative="path">
          Cancel
        </Button>
        <Button type="submit" disabled={draft.title.trim() === ''}>
          Next
        </Button>
      </Group>
    </Stack>
  </form>
);

interface EndpointsProps extends StepProps {
  readonly isRunning: boolean;
  readonly refusal: string | undefined;
  readonly onBack: () => void;
  readonly onSend: () => void;
  readonly onLookAgain: () => void;
}

const EndpointsStep = (props: EndpointsProps): ReactElement => {
  const { draft, change, problem, isRunning, refusal, onBack, onSend, onLookAgain } = props;
  return (
    <Stack gap="md">
      <EndpointPicker connected={[]} chosen={draft.endpointIds} onChange={(endpointIds) => change({ endpointIds })} />
      <EnvironmentField
        label="Environment of the first key pair"
        description="More pairs can be generated later, for each environment."
        value={draft.environment}
        error={undefined}
        onChange={(environment) => change({ environment })}
      />
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={onLookAgain} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <AllowedButton refusal={refusal} loading={isRunning} onClick={onSend}>
          Connect and generate keys
        </AllowedButton>
      </Group>
    </Stack>
  );
};

/** What is sent: of the chosen endpoints those that can still be connected. */
const useBody = ({ title, description, environment, endpointIds }: Draft) => {
  const { data } = useCatalogue();
  const canBe = new Set(
    (data?.endpoints ?? []).filter(({ status }) => status === 'active').map(({ endpointId }) => endpointId),
  );
  return {
    title,
    ...(description === '' ? {} : { description }),
    endpointIds: endpointIds.filter((each) => data === undefined || canBe.has(each)),
    generateKeys: { environment },
  };
};

const useRegister = (form: string, draft: Draft, forget: () => void) => {
  const accountId = useAccountId();
  const navigate = useNavigate();
  const type = useCredentialType(KEY_PAIR);
  const body = useBody(draft);
  return useWrite(() => registerApplication(form, accountId, body), {
    onDone: ({ application, credential, secret = {}, ...answer }) => {
      const leave = (): void => {
        forgetFormKey(form);
        forget();
        void navigate(`/accounts/${accountId}/apps/${application.applicationId}`, { replace: true });
      };
      if (credential === undefined || credential === null || type === undefined) return leave();
      const title = 'The app is connected, and its keys are generated';
      showIssued({ ...answer, credential, secret }, { accountId, type, form, title, onClosed: leave });
    },
  });
};

const Unconfirmed = ({ form }: { readonly form: string }): ReactNode =>
  isCreatedUnconfirmed(form) && (
    <Alert color="yellow" variant="outline" title="This app was created a moment ago" mb="md">
      That its secret is saved was never confirmed. The same form shows it once more, within ten minutes.
    </Alert>
  );

export const Component = (): ReactElement => {
  const form = `new-application.${useAccountId()}`;
  const [draft, change, forget] = useDraft<Draft>(form, empty);
  const [parameters, setParameters] = useSearchParams();
  const write = useRegister(form, draft, forget);
  const isAtEndpoints = parameters.get('step') === 'endpoints' && draft.title.trim() !== '';
  const step: Step = isAtEndpoints ? 'endpoints' : 'details';
  const problem = write.problem;
  const isAboutDetails = problem?.errors.some(({ field }) => field === 'title' || field === 'description') === true;
  const refusal = useNewRefusal('RegisterApplication');
  const shared = { draft, change, problem };
  return (
    <>
      <PageHead title="New app" sentence="Say what it is, choose the endpoints it may call, and get its first keys." />
      <Stack maw={640} gap="md">
        <Steps at={step} />
        <Unconfirmed form={form} />
        {refusal !== undefined && <Text>{refusal}</Text>}
        {isAboutDetails || step === 'details' ? (
          <DetailsStep
            {...shared}
            onNext={() => {
              write.forget();
              setParameters({ step: 'endpoints' });
            }}
          />
        ) : (
          <EndpointsStep
            {...shared}
            isRunning={write.isRunning}
            refusal={refusal}
            onBack={() => setParameters({})}
            onSend={() => void write.run()}
            onLookAgain={() => {
              write.forget();
              void queryClient.invalidateQueries();
            }}
          />
        )}
      </Stack>
    </>
  );
};
