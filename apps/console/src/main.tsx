import '@mantine/core/styles.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.js';
import { allowMarkupFreeHtml, takeNonce } from './shell/page-policy.js';
import { takeSignInCode } from './shell/sign-in-code.js';

takeSignInCode();
allowMarkupFreeHtml();
const nonce = takeNonce();
const place = document.getElementById('root');
if (place !== null) createRoot(place).render(<App nonce={nonce} />);
