"""The conversation: every public function is Turn -> list of replies."""
