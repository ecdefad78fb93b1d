/** Key of a field's metadata that says what its numbers count, where the type does not: as `unit` of a raw column. */
export const unitKey = 'tfjs-tuner.unit';
