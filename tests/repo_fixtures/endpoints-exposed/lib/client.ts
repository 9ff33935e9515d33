// https://api.openai.com
export const url = "https://graph.microsoft.com/v1.0";
/* https://api.stripe.com */
