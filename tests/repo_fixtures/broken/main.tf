resource "aws_x" "y" {
  a = "unclosed
}
