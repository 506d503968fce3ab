// NLP.js as its own manual says: train on all examples, ask for the best intent.
const fs = require('fs');
const { NlpManager } = require('node-nlp');

const rows = (path) => fs.readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

(async () => {
  const [train, test, out] = process.argv.slice(2);
  const manager = new NlpManager({ languages: ['th'], forceNER: false, autoSave: false, nlu: { log: false } });
  rows(train).forEach((row) => manager.addDocument('th', row.text, row.intent));
  await manager.train();
  const answers = [];
  for (const row of rows(test)) {
    const said = await manager.process('th', row.text);
    answers.push(said.intent === 'None' ? 'out_of_scope' : said.intent);
  }
  fs.writeFileSync(out, JSON.stringify(answers));
})();
