package main

import "net/http"

// https://api.stripe.com is only spoken of
func main() {
	until := "x"
	http.Get("https://api.openai.com/v1/models" + until)
}
