/**
 * How many sign-ins of the command line one person may have at a time. One more takes the place of the one that was not
 * used for longest; the page that ends them shows as many.
 */
export const mostTerminals = 50
