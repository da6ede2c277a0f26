import preset from '../../jest.preset.mjs';

// One test looks at every page there is.
export default { ...preset, displayName: 'console', testTimeout: 600_000 };
