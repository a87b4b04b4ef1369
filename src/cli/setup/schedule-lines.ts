import { quoteWords } from './quote-words.ts'

/** How to run the same again each day, on the systems that there are. */
export function scheduleLines(words: readonly string[], platform: NodeJS.Platform): string {
  const command = quoteWords(words, platform)
  if (platform === 'win32') {
    const inner = command.replaceAll('"', '\\"')
    return [
      'Task Scheduler, each day at 9:',
      `  schtasks /Create /TN "Postern roles-anywhere" /SC DAILY /ST 09:00 /TR "${inner}"`,
      '',
    ].join('\n')
  }
  return [
    'cron, each day at 9 (crontab -e):',
    `  0 9 * * * ${command.replaceAll('%', '\\%')}`,
    'systemd, each day (~/.config/systemd/user/postern-setup.service and .timer):',
    `  [Service]`,
    `  Type=oneshot`,
    `  ExecStart=${command.replaceAll('%', '%%')}`,
    '',
    `  [Timer]`,
    `  OnCalendar=daily`,
    `  Persistent=true`,
    `  [Install]`,
    `  WantedBy=timers.target`,
    '  and: systemctl --user enable --now postern-setup.timer',
    '',
  ].join('\n')
}
