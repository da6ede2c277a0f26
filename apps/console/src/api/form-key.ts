/** The Idempotency-Key of a form, kept for this tab, so that a repeat shows the same secret and makes nothing new. */
interface FormKey {
  readonly key: string;
  /** What it was sent with: another body needs another key. */
  readonly body: string;
  /** Whether an answer came, of which the secret was never confirmed as saved. */
  readonly isCreated: boolean;
}

const placeOf = (form: string): string => `keyledger.key.${form}`;

const read = (form: string): FormKey | undefined => {
  const text = sessionStorage.getItem(placeOf(form));
  return text === null ? undefined : (JSON.parse(text) as FormKey);
};

const write = (form: string, key: FormKey): void => sessionStorage.setItem(placeOf(form), JSON.stringify(key));

/** The same key for the same form and body, until it is forgotten. */
export const formKey = (form: string, body: object): string => {
  const text = JSON.stringify(body);
  const kept = read(form);
  if (kept?.body === text) return kept.key;
  // Not crypto.randomUUID: over http it exists on this machine's own address alone.
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  write(form, { key: key.join(''), body: text, isCreated: false });
  return key.join('');
};

/** Notes that the form has created something whose secret is not confirmed yet. */
export const noteCreated = (form: string): void => {
  const kept = read(form);
  if (kept !== undefined) write(form, { ...kept, isCreated: true });
};

/** Whether the form was sent, be it that its answer never came; until its key is forgotten. */
export const isSent = (form: string): boolean => read(form) !== undefined;

export const isCreatedUnconfirmed = (form: string): boolean => read(form)?.isCreated === true;

export const forgetFormKey = (form: string): void => sessionStorage.removeItem(placeOf(form));
