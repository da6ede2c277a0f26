import { useLocation, useNavigate, useSearchParams } from 'react-router';

export interface Dialog {
  /** Which dialog is open, if one is. */
  readonly name: string | null;
  /** Id of what it is about. */
  readonly about: string | null;
  readonly open: (name: string, about?: string) => void;
  readonly close: () => void;
}

/** The dialog that is open, in the address: Back closes it, and a reload keeps it. */
export const useDialog = (): Dialog => {
  const [parameters] = useSearchParams();
  const location = useLocation();
  const name = parameters.get('dialog');
  const navigate = useNavigate();
  const wasOpenedHere = (location.state as { readonly dialog?: true } | null)?.dialog === true;
  const addressWith = (next?: string, about?: string): string => {
    const changed = new URLSearchParams(parameters);
    changed.delete('dialog');
    changed.delete('about');
    if (next !== undefined) changed.set('dialog', next);
    if (about !== undefined) changed.set('about', about);
    return `${location.pathname}?${changed.toString()}`.replace(/\?$/, '');
  };
  /** Nothing where it was left meanwhile: an answer can come late. */
  const close = (): void => {
    if (new URLSearchParams(globalThis.location.search).get('dialog') !== name) return;
    void (wasOpenedHere ? navigate(-1) : navigate(addressWith(), { replace: true }));
  };
  return {
    name,
    about: parameters.get('about'),
    open: (next, about) => void navigate(addressWith(next, about), { state: { dialog: true } }),
    close,
  };
};
