/** Temporary AWS credentials. Bearer secrets: never logged, never in a URL. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}
