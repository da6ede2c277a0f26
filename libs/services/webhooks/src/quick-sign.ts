import { readInput, senders, type QuickOperation } from '@keyledger/edge';
import { plainSignInput, signedAnswer, SignInput } from './sign-request.js';
import type { Signing } from './signing.js';

const signInDetail = async (signing: Signing, accountId: string, body: unknown) => {
  const input = await readInput(SignInput, body);
  return signedAnswer(await signing.usable(accountId, input.minPosition), input);
};

/** The short way to `Sign`: without a wait wherever the secrets are open and the body is a plain one. */
export const quickSign = (signing: Signing): QuickOperation => ({
  method: 'POST',
  pathInAccount: '/webhooks/sign',
  access: { allow: senders },
  answer: (body, _, accountId) => {
    const input = plainSignInput(body);
    const usable = input && signing.usableNow(accountId, undefined);
    return input && usable ? signedAnswer(usable, input) : signInDetail(signing, accountId, body);
  },
});
