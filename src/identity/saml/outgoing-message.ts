/** A message for the browser to carry: by a redirect, or by a form that it posts. */
export type OutgoingMessage =
  | { readonly binding: 'redirect'; readonly url: string }
  | {
      readonly binding: 'post'
      readonly url: string
      /** Names and values of the form's hidden fields. */
      readonly fields: Readonly<Record<string, string>>
    }
