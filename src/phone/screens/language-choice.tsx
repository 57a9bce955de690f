// In which language the page speaks.
import { LANGUAGES } from '../../ui/languages.ts';
import { language, say, speakIn } from '../parts/language.ts';

export const LanguageChoice = () => (
  <div>
    <label class="hidden-text" for="language">
      {say('language')}
    </label>
    <select id="language" value={language.value} onChange={(event) => void speakIn(event.currentTarget.value)}>
      {LANGUAGES.map(({ tag, name }) => (
        <option key={tag} value={tag} selected={tag === language.value}>
          {name}
        </option>
      ))}
    </select>
  </div>
);
