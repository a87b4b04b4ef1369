import manifest from '../../package.json' with { type: 'json' }

/** Postern's version. */
export const { version } = manifest
