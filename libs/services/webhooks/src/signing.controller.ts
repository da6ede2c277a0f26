import { webhookSignatureReasons, type SignedWebhook, type WebhookSignatureVerdict } from '@keyledger/contract';
import {
  Answer,
  ApiProperty,
  FromCall,
  Input,
  Operation,
  pathId,
  senders,
  Text,
  TextMap,
  Verbatim,
  type Call,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { atLeast, nowSeconds, payload, signedAnswer, SignInput } from './sign-request.js';
import { Signing } from './signing.js';
import { verifySignature } from './verify-signature.js';

class VerifySignatureInput {
  @TextMap({ description: 'The headers of the webhook by their names, in any case. Others are not looked at.' })
  headers!: Record<string, string>;
  @Verbatim(payload) payload!: string;
  @Text(atLeast) minPosition?: string;
}

class SignedWebhookSchema implements SignedWebhook {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) headers!: Record<string, string>;
  @ApiProperty() position!: string;
}

const nullableText = { type: String, nullable: true } as const;

class WebhookSignatureVerdictSchema implements WebhookSignatureVerdict {
  @ApiProperty() valid!: boolean;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of the secret that signed; null for `mac`.' })
  version!: number | null;
  @ApiProperty(nullableText) credentialId!: string | null;
  @ApiProperty({ ...nullableText, enum: ['v1', 'mac', null] }) scheme!: 'v1' | 'mac' | null;
  @ApiProperty({ ...nullableText, enum: [...webhookSignatureReasons, null] })
  reason!: WebhookSignatureVerdict['reason'];
  @ApiProperty() position!: string;
}

/** The loader has 64 bits as text. */
const withNumber = ({ timestamp, ...others }: Readonly<Record<string, unknown>>) =>
  timestamp === undefined ? others : { ...others, timestamp: Number(timestamp) };

/** In a message an empty map is an absent one. */
const withHeaders = ({ headers: given = {}, ...others }: Readonly<Record<string, unknown>>) => ({
  headers: given,
  ...others,
});

const headers = {
  'webhook-id': 'msg_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10',
  'webhook-timestamp': '1767225600',
  'webhook-signature': 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};

/** Signs webhooks that accounts are sent by others, and says whether one is signed as it should be. */
@Controller()
export class SigningController {
  constructor(private readonly signing: Signing) {}

  @Operation({
    http: 'POST /v1/accounts/:accountId/webhooks/sign',
    rpc: 'WebhookService/Sign',
    summary: 'Sign a webhook that you send yourself, as Standard Webhooks says',
    allow: senders,
    asks: true,
    unversioned: true,
    input: SignInput,
    reply: SignedWebhookSchema,
    fromMessage: withNumber,
    refuses: ['no-webhook-signer', 'account-suspended'],
    example: { payload: '{"id":7}' },
  })
  async sign(@FromCall() call: Call, @Input() input: SignInput): Promise<Answer<SignedWebhook>> {
    const usable = await this.signing.usable(pathId(call, 'accountId'), call.minPosition ?? input.minPosition);
    return signedAnswer(usable, input);
  }

  @Operation({
    http: 'POST /v1/accounts/:accountId/webhooks/verify',
    rpc: 'WebhookService/VerifySignature',
    summary: 'Ask whether a webhook was signed by a secret of the account that is valid now, and why not',
    allow: senders,
    asks: true,
    unversioned: true,
    input: VerifySignatureInput,
    reply: WebhookSignatureVerdictSchema,
    fromMessage: withHeaders,
    refuses: ['no-webhook-signer', 'account-suspended'],
    example: { headers, payload: '{"id":7}' },
  })
  async verify(@FromCall() call: Call, @Input() input: VerifySignatureInput): Promise<Answer<WebhookSignatureVerdict>> {
    const usable = await this.signing.usable(pathId(call, 'accountId'), call.minPosition ?? input.minPosition);
    const { position } = usable;
    return new Answer({ ...verifySignature(usable, input, nowSeconds()), position }, position);
  }
}
