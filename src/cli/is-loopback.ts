/** Whether a host name is this machine itself. A proxy is elsewhere and would take this machine's loopback for its own. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host) || host === '[::1]'
}
