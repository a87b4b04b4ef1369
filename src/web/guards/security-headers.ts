import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import type { WebSettings } from '../dependencies.ts'

const year = 31_536_000

const permissions = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'microphone',
  'payment',
  'usb',
].map((feature) => `${feature}=()`)

/**
 * What browsers are told about every answer. Nothing is loaded or run but files of ours; forms lead to us and, because
 * browsers hold the redirect after a form to it too, to the configured sign-in origins and to those of the identity
 * providers, which may change while Postern runs.
 */
export function securityHeaders(
  settings: WebSettings,
  providerOrigins: () => readonly string[] = () => [],
): readonly RequestHandler[] {
  const https = settings.publicUrl.protocol === 'https:'
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'form-action': [
          () => ["'self'", ...settings.formActionOrigins, ...providerOrigins()].join(' '),
        ],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ["'none'"],
      },
    },
    // Forms of ours must arrive with an Origin, which browsers turn to null under no-referrer.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    hsts: https ? { maxAge: year, includeSubDomains: false } : false,
  })
  return [
    headers,
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', permissions.join(', '))
      response.setHeader('Cache-Control', 'no-store')
      next()
    },
  ]
}

/** Lets the form on this one page lead on to an origin, by the redirect that follows its POST. */
export function allowForms(response: Response, origin: string): void {
  const policy = String(response.getHeader('Content-Security-Policy'))
  const widened = policy.replace(/form-action [^;]*/, (directive) => `${directive} ${origin}`)
  response.setHeader('Content-Security-Policy', widened)
}
