import { Button, Code, Loader, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useStore } from '../api/store.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { codeIn } from './sign-in.js';
import { signInState, signInWithCode, signInWithProvider } from './sign-in-state.js';

const placeNow = (): string =>
  location.pathname.replace(/^\/console/, '').replace(/^\/sign(ed)?-in$/, '/') + location.search;

const LinkForm = (): ReactElement => {
  const [text, setText] = useState('');
  const [isRunning, setRunning] = useState(false);
  const submit = async (): Promise<void> => {
    setRunning(true);
    await signInWithCode(codeIn(text));
    setRunning(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <Text>
          Open the link that <Code>npm start</Code> has printed. It works once, for ten minutes. Another one comes from
        </Text>
        <Code block>npm run console</Code>
        <TextInput
          label="Sign-in link"
          description="Or paste the link here."
          type="password"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={isRunning} disabled={text.trim() === ''}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
};

/** How to sign in here; also inside the dialog of a session that has ended. */
export const SignInWays = (): ReactElement => {
  const { settings, problem } = useStore(signInState);
  const notice = problem === undefined ? null : <ProblemNotice problem={problem} />;
  if (settings === undefined) return notice ?? <Loader aria-label="Loading" />;
  return (
    <Stack gap="md">
      {notice}
      {settings.signIn === 'link' && <LinkForm />}
      {settings.signIn === 'oidc' && (
        <Button onClick={() => void signInWithProvider(placeNow())}>Sign in with your organisation</Button>
      )}
      {settings.signIn === 'none' && (
        <Text>
          Nobody can sign in to this console yet. Register it with your identity provider and set{' '}
          <Code>KEYLEDGER_CONSOLE_CLIENT_ID</Code>.
        </Text>
      )}
    </Stack>
  );
};

export const SignInPage = (): ReactElement => (
  <main>
    <Stack maw={400} mx="auto" mt="10vh" p="md" gap="lg">
      <title>Sign in · Keyledger</title>
      <Title order={1}>Sign in to Keyledger</Title>
      <SignInWays />
    </Stack>
  </main>
);
