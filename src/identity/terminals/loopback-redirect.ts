const shape = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):[1-9]\d{0,4}\/[\w.~/-]{0,200}$/

/**
 * Whether an address is a program on the machine of the browser: an IP literal, since `localhost` may be anybody's
 * (RFC 8252 §7.3, §8.3), any port, and nothing that two parsers could read differently.
 */
export function isLoopbackRedirect(text: string): boolean {
  return shape.test(text) && URL.parse(text)?.href === text
}
