// The demonstrations, as tests: every step of them has to hold.
import { describe, test } from 'vitest';
import { chromium } from './chromium.ts';
import { firefox } from './firefox.ts';
import { onStage, TEAM_STORIES } from './team-stories.ts';

describe('a team’s sites', () => {
  for (const [make, name] of [
    [chromium, 'oidc'],
    [firefox, 'oidc'],
    [chromium, 'wechat'],
    [chromium, 'dingtalk'],
  ] as const) {
    test(`the story "${name}" plays in ${make.name}, and ends signed in at Apache`, async () => {
      const story = TEAM_STORIES[name];
      if (!story) throw new Error('no such story');
      await onStage(make, story, () => {}, undefined);
    });
  }
});
