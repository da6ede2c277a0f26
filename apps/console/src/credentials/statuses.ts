/** Of a filter by status, in every list of credentials. */
export const statusChoices = [
  { value: '', label: 'Every status' },
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Inactive, suspended' },
  { value: 'revoked', label: 'Inactive, revoked' },
  { value: 'expired', label: 'Inactive, expired' },
];
