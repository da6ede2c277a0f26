/**
 * The form in which texts are searched and sorted: equal for texts that differ in case only. Rows and requests are
 * folded here alone, because databases and languages disagree about case. Lower case comes first for letters that
 * have no upper case of their own, upper case last for those whose lower case depends on their place in the word.
 */
export const searchKey = (text: string): string => text.toLowerCase().toUpperCase();
