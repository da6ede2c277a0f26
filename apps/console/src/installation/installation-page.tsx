import type { ReactElement } from 'react';
import { PageHead } from '../common/page-head.js';
import { Parts } from './parts.js';
import { LogSection, ReceiptSection } from './receipt.js';

export const Component = (): ReactElement => (
  <>
    <PageHead
      title="Installation"
      sentence="Whether every part works, how far each is, and who knows of a write. Read again by itself."
    />
    <ReceiptSection />
    <Parts />
    <LogSection />
  </>
);
