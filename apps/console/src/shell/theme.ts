import { createTheme, type CSSVariablesResolver } from '@mantine/core';

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** The one accent colour. */
const ink = [
  '#eef4fb',
  '#dbe6f3',
  '#b5cbe4',
  '#8caed5',
  '#6a95c8',
  '#5585c0',
  '#497dbd',
  '#2f5d8a',
  '#2a547d',
  '#1f476e',
] as const;

export const theme = createTheme({
  primaryColor: 'ink',
  colors: { ink: [...ink] },
  primaryShade: { light: 7, dark: 7 },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    sizes: { h1: { fontSize: '22px', lineHeight: '28px' }, h2: { fontSize: '16px', lineHeight: '24px' } },
  },
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: '6px',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 }, overlayProps: { opacity: 0.4 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 }, position: 'bottom-end', shadow: 'none' } },
    Tooltip: {
      defaultProps: { transitionProps: { duration: 100 }, events: { hover: true, focus: true, touch: true } },
    },
    Button: { defaultProps: { size: 'sm' } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
});

/** Greys of the library that are too faint to be read. */
export const readableGreys: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1f24',
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#2a547d',
    '--page-line': '#e3e7eb',
    '--page-rail': '#f7f8fa',
    '--page-hover': '#f3f6f9',
    '--page-chosen': '#e4ecf5',
    '--page-attention': '#8a5300',
    '--page-good': '#1f7a4d',
  },
  dark: {
    '--mantine-color-dimmed': '#a7afb8',
    '--mantine-color-placeholder': '#939ba4',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-anchor': '#8caed5',
    '--mantine-color-body': '#17191c',
    '--mantine-color-text': '#dfe3e8',
    '--page-line': '#2f343a',
    '--page-rail': '#1d2024',
    '--page-hover': '#22262b',
    '--page-chosen': '#26384a',
    '--page-attention': '#f0b35a',
    '--page-good': '#62c796',
  },
});
