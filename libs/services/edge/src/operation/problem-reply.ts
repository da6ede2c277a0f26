import { problemCodes } from '@keyledger/contract';
import { ApiProperty } from '@nestjs/swagger';

class ProblemField {
  @ApiProperty() field!: string;
  @ApiProperty() message!: string;
}

/** The body of every refusal (RFC 9457), as OpenAPI documents it. */
export class ProblemReply {
  @ApiProperty({ example: 'urn:keyledger:problem:name-taken' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty() status!: number;
  @ApiProperty() detail!: string;
  @ApiProperty({ enum: Object.keys(problemCodes) }) code!: string;
  @ApiProperty({ type: [ProblemField] }) errors!: ProblemField[];
}
