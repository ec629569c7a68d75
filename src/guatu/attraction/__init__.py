"""The chapter 抓招商: leads, how they are followed up, what was promised and on what basis."""
