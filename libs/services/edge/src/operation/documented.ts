import type * as Swagger from '@nestjs/swagger';

/** The one that makes the document. */
export type Library = typeof Swagger;
type Decorator = MethodDecorator & PropertyDecorator;

const waiting: ((library: Library) => void)[] = [];

/**
 * A decorator for OpenAPI that only the program that writes the document puts on: the others serve the written file,
 * and to load `@nestjs/swagger` would be a good part of their start.
 */
export const documented =
  (decoratorOf: (library: Library) => MethodDecorator | PropertyDecorator): Decorator =>
  (...place: readonly unknown[]): void => {
    waiting.push((library) => void Reflect.apply(decoratorOf(library), undefined, place));
  };

/** Puts on what has been declared since the last time, in the order in which it was declared. */
export const putOnDocumentation = (library: Library): void => waiting.splice(0).forEach((putOn) => putOn(library));

/** What OpenAPI says of a property. */
export const ApiProperty = (options: Swagger.ApiPropertyOptions = {}): PropertyDecorator =>
  documented(({ ApiProperty }) => ApiProperty(options));

/** The same of a property that may be missing. */
export const ApiPropertyOptional = (options: Swagger.ApiPropertyOptions = {}): PropertyDecorator =>
  documented(({ ApiPropertyOptional }) => ApiPropertyOptional(options));
