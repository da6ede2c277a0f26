import type { ReactElement } from 'react';
import { isCreatedUnconfirmed } from '../api/form-key.js';
import { useRefusal } from '../api/permissions.js';
import { copyText } from '../common/copy-text.js';
import { RowMenu, type RowAction } from '../common/row-menu.js';
import { labelOf } from '../common/shown-secret.js';
import type { Dialog } from '../common/use-dialog.js';
import { nameOf, type Credential, type CredentialType } from './credential-queries.js';
import { rotationForm } from './credential-writes.js';
import { isEnded, overlapVersion } from './versions.js';

interface Props {
  readonly accountId: string;
  readonly credential: Credential;
  readonly type: CredentialType | undefined;
  readonly dialog: Dialog;
  /** "Delete" where left out; null where deleting is not in the menu. */
  readonly deleteVerb?: string | null;
}

const ENDED = 'It has ended already.';
const SIGNS = 'It signs webhooks. Let another one sign first.';

/** Why the webhook signer can neither be stopped nor deleted; undefined for every other credential. */
export const signerRefusal = ({ webhookSigner }: Credential): string | undefined => (webhookSigner ? SIGNS : undefined);

/** Why it cannot be rotated now; undefined where it can. */
export const rotateRefusal = (credential: Credential): string | undefined => {
  if (isEnded(credential)) return ENDED;
  // The same once more shows a secret that nobody has confirmed to have saved.
  const isRepeat = isCreatedUnconfirmed(rotationForm(credential.credentialId));
  return isRepeat || overlapVersion(credential) === undefined ? undefined : 'Finish or cancel its rotation first.';
};

/** Why a type that lets only ended ones be deleted refuses this one. */
const deleteRefusal = ({ allows }: CredentialType, hasEnded: boolean): string | undefined =>
  allows.delete === 'ended' && !hasEnded ? 'Revoke it first.' : undefined;

const changeRefusal = (name: string, credential: Credential): string | undefined => {
  if (name === 'rotate') return rotateRefusal(credential);
  return name === 'suspend' || name === 'revoke' ? signerRefusal(credential) : undefined;
};

/** With what the type allows, whatever the state. */
const namesFor = ({ allows }: CredentialType, status: Credential['status']): readonly string[] => [
  ...(allows.rotate ? ['rotate'] : []),
  ...(allows.suspend ? [status === 'suspended' ? 'resume' : 'suspend'] : []),
  ...(allows.revoke ? ['revoke'] : []),
];

const labels: Readonly<Record<string, string>> = {
  rotate: 'Rotate…',
  suspend: 'Suspend…',
  resume: 'Resume…',
  revoke: 'Revoke…',
};

const actionsFor = (
  type: CredentialType,
  credential: Credential,
  { open }: Dialog,
  verb: string | null,
): readonly RowAction[] => {
  const { status, credentialId } = credential;
  const hasEnded = isEnded(credential);
  const changes = namesFor(type, status).map((name) => ({
    label: labels[name] ?? name,
    run: () => open(name, credentialId),
    isDangerous: name === 'revoke',
    refusal: hasEnded ? ENDED : changeRefusal(name, credential),
  }));
  const removal = {
    label: `${verb}…`,
    run: () => open('delete', credentialId),
    isDangerous: true,
    refusal: signerRefusal(credential) ?? deleteRefusal(type, hasEnded),
  };
  return type.allows.delete === 'never' || verb === null ? changes : [...changes, removal];
};

/** What the type and the state of a credential allow; all of it with the reason where the role does not. */
export const CredentialMenu = ({ accountId, credential, type, dialog, deleteVerb = 'Delete' }: Props): ReactElement => {
  const refusal = useRefusal('RotateCredential', accountId);
  const { publicPart } = credential;
  const field = type?.publicPart?.field;
  const copy: readonly RowAction[] =
    publicPart === null || field === undefined
      ? []
      : [
          {
            label: `Copy ${labelOf(field).replace(/^\w/, (first) => first.toLowerCase())}`,
            run: () => void copyText(publicPart, null),
          },
        ];
  const actions = type === undefined ? [] : actionsFor(type, credential, dialog, deleteVerb);
  const allowed = actions.map((action) => ({ ...action, refusal: refusal ?? action.refusal }));
  return <RowMenu of={nameOf(credential)} actions={[...copy, ...allowed]} />;
};
