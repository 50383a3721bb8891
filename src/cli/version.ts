import description from '../../package.json' with { type: 'json' };

/** Of this stressql, as package.json has it. */
export const { version } = description;
