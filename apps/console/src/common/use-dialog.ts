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
  const navigate = useNavigate();
  const wasOpenedHere = (location.state as { readonly dialog?: true } | null)?.dialog === true;
  const addressWith = (name?: string, about?: string): string => {
    const next = new URLSearchParams(parameters);
    next.delete('dialog');
    next.delete('about');
    if (name !== undefined) next.set('dialog', name);
    if (about !== undefined) next.set('about', about);
    return `${location.pathname}?${next.toString()}`.replace(/\?$/, '');
  };
  return {
    name: parameters.get('dialog'),
    about: parameters.get('about'),
    open: (name, about) => void navigate(addressWith(name, about), { state: { dialog: true } }),
    close: () => void (wasOpenedHere ? navigate(-1) : navigate(addressWith(), { replace: true })),
  };
};
