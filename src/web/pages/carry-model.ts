/** On the way to an identity provider, with a message that the browser carries there (view `carry`). */
export interface CarryPage {
  readonly heading: string
  readonly text: string
  /** Address of the provider. */
  readonly url: string
  /** Hidden fields of the form that is posted there; undefined where a link does. */
  readonly fields: readonly { readonly name: string; readonly value: string }[] | undefined
  readonly label: string
}
