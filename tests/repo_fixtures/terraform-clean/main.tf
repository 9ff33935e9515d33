terraform {
  required_providers {
    scaleway = { source = "scaleway/scaleway" }
    random   = { source = "hashicorp/random" }
  }
  backend "s3" {
    bucket    = "state"
    key       = "terraform.tfstate"
    region    = "fr-par"
    endpoints = { s3 = "https://s3.fr-par.scw.cloud" }
  }
}
provider "scaleway" {
  region = "fr-par"
}
resource "random_id" "x" {
  byte_length = 4
}
