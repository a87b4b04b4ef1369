/** Metadata that can't be used. `message` is for an administrator: what was found and what to do. */
export class MetadataFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MetadataFault'
  }
}
