# Infrastructure of the portal
terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws" # comment
      version = "~> 5.0"
    }
  }
  backend "s3" {
    bucket = "state"
    region = "eu-west-3"
  }
}

provider "aws" {
  region = "eu-west-3"
}

resource "aws_s3_bucket" "files" {
  bucket = "files-${var.env == "prod" ? "p" : "d"}"
  tags   = { "a" = 1, b : "c" }
  policy = <<-POLICY
    provider "google" { "not" = "code" }
  POLICY
}
/* provider "azurerm" {} */
