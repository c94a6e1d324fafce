"""What is shown and clicked: the page, its views, its panels and the doors behind them."""
