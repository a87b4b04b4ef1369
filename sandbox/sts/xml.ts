import { escapeMarkup } from '../http/html.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** Elements in order; a value is text or more elements, and undefined leaves the element out. */
export type XmlFields = readonly (readonly [name: string, value: XmlValue])[]
type XmlValue = string | number | undefined | XmlFields

function fields(list: XmlFields): string {
  return list.map(([name, value]) => element(name, value)).join('')
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  const content = typeof value === 'object' ? fields(value) : xmlText(String(value))
  return `<${name}>${content}</${name}>`
}

/** XML 1.0 §2.2 has no way to write other control characters, and a message may quote hostile input. */
function xmlText(text: string): string {
  const legal = text.replace(/[^\t\n\r\P{Cc}]|[\uFFFE\uFFFF]/gu, '\uFFFD')
  return escapeMarkup(legal.toWellFormed()).replaceAll('\r', '&#13;')
}

/** `<ActionResponse>` with its result and metadata. */
export function responseXml(action: string, result: XmlFields, requestId: string): string {
  const body = fields([
    [`${action}Result`, result],
    ['ResponseMetadata', [['RequestId', requestId]]],
  ])
  return `<${action}Response xmlns="${NAMESPACE}">${body}</${action}Response>\n`
}

/** `<ErrorResponse>`; the Type says whose fault it was. */
export function errorXml(status: number, code: string, message: string, requestId: string): string {
  const body = fields([
    [
      'Error',
      [
        ['Type', status < 500 ? 'Sender' : 'Receiver'],
        ['Code', code],
        ['Message', message],
      ],
    ],
    ['RequestId', requestId],
  ])
  return `<ErrorResponse xmlns="${NAMESPACE}">${body}</ErrorResponse>\n`
}

/** Whole seconds, as STS writes them. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** STS counts whole seconds: the one that this moment lies in, in milliseconds since the epoch. */
export function wholeSecond(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000
}
